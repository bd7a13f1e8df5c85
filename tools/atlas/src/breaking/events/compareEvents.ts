import { EVENT_MODE, readingsOf, type Mode, type Reading } from '../../read/avro/levels.ts';
import { mergedDrafts, type Draft } from '../draft.ts';
import type { BreakingFinding } from '../finding.ts';
import { withReleases } from '../releases.ts';
import type { CompareOptions } from '../schemas.ts';
import { UnusableSide, type Side } from '../sides/side.ts';
import { contextOf, type EventsContext } from './context.ts';
import { laterDrafts } from './laters.ts';
import { ownReaderDrafts } from './ownReaders.ts';
import { avroPayloadDrafts, jsonDrafts } from './payloads.ts';
import { Records } from './records.ts';
import { eventRules } from './rules/index.ts';
import { EventSchemas } from './schemas.ts';
import { untouched } from './untouched.ts';
import { unusedSchemas } from './unusedSchemas.ts';
import { eventsOf, type Events } from './view.ts';

export interface EventsReport {
  readonly findings: readonly BreakingFinding[];
  /** Avro schemas that were compared on their own, as the report shows them. */
  readonly compared: readonly string[];
  readonly notCompared: readonly string[];
  readonly mode: Mode;
}

/**
 * Compares the AsyncAPI documents of two sides, with the Avro and JSON schemas of their messages, and the Avro schemas
 * that no message names. `mode` applies to payloads and headers. `history` has older versions, of which only payloads
 * and headers are compared. Throws an `UnusableSide` if an Avro schema has errors.
 */
export function compareEvents(
  old: Side,
  next: Side,
  options: CompareOptions & { readonly mode?: Mode },
  history: readonly Side[] = [],
): EventsReport {
  const [before, after] = [partsOf(old), partsOf(next)];
  const context = contextBetween(before, after);
  const { mode = EVENT_MODE } = options;
  const readings = readingsOf(mode);
  const payloads = (from: Parts, between: EventsContext): readonly Draft[] => {
    const compare = (some: EventsContext, wanted: readonly Reading[]): readonly Draft[] => {
      const schemas = [from.schemas, some.new === between.new ? after.schemas : from.schemas] as const;
      return [...avroPayloadDrafts(some, wanted), ...jsonDrafts(some, schemas, wanted, options)];
    };
    const drafts = compare(between, readings);
    return [...drafts, ...ownReaderDrafts(between, readings, drafts, compare)];
  };
  const unused = unusedSchemas(before.events, after.events, readings);
  const drafts: Draft[] = [
    ...eventRules.flatMap((rule) => [...rule.check(context)].map((one): Draft => ({ level: rule.level, ...one }))),
    ...payloads(before, context),
    ...laterDrafts(context),
    ...unused.drafts,
  ];
  const notCompared = [
    ...[before, after].flatMap(({ events }) => otherFormats(events)),
    ...untouched(context),
    ...unused.notCompared,
  ];
  for (const side of history) {
    const older = usablePartsOf(side);
    if (older) drafts.push(...payloads(older, contextBetween(older, after)));
    else notCompared.push(`${side.folder}, whose specs have errors`);
  }
  return {
    findings: mergedDrafts(
      drafts.map((draft) => releasedDraft(draft, before.events)),
      '',
    ),
    compared: unused.compared,
    notCompared: [...new Set(notCompared)],
    mode,
  };
}

/** A draft whose steps end with the releases of the document that they change, after the old version. */
function releasedDraft(draft: Draft, { documents }: Events): Draft {
  const { old, document: file = old?.file, safePath } = draft;
  const document = file === undefined ? undefined : documents.get(file);
  if (!document || !Array.isArray(safePath)) return draft;
  return { ...draft, safePath: withReleases(safePath, document) };
}

interface Parts {
  readonly events: Events;
  readonly schemas: EventSchemas;
  readonly records: Records;
}

function partsOf(side: Side): Parts {
  const schemas = new EventSchemas(side);
  return { events: eventsOf(side), schemas, records: new Records(schemas) };
}

/** Undefined if an Avro schema has errors. That does not end the comparison, because history cannot be changed. */
function usablePartsOf(side: Side): Parts | undefined {
  try {
    return partsOf(side);
  } catch (error) {
    if (error instanceof UnusableSide) return undefined;
    throw error;
  }
}

function contextBetween(old: Parts, next: Parts): EventsContext {
  return contextOf(old.events, next.events, { old: old.records, new: next.records });
}

/** Payloads in a format that is not compared. */
function otherFormats({ topics }: Events): readonly string[] {
  return [...topics.values()].flatMap(({ messages }) =>
    [...messages.values()].flatMap(({ payload }) =>
      payload.kind === 'other' ? [`payloads of ${payload.format}`] : [],
    ),
  );
}
