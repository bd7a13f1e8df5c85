import { readingsOf, type Mode } from '../avro/modes.ts';
import { mergedDrafts, type Draft } from '../draft.ts';
import type { BreakingFinding } from '../finding.ts';
import type { CompareOptions } from '../schemas.ts';
import type { Side } from '../sides/side.ts';
import { contextOf } from './context.ts';
import { avroPayloadDrafts, jsonDrafts } from './payloads.ts';
import { Records } from './records.ts';
import { eventRules } from './rules/index.ts';
import { EventSchemas } from './schemas.ts';
import { eventsOf, type Events } from './view.ts';

/**
 * Consumers start at the beginning of a topic, so new readers read old events; consumers that run read new events. It
 * is what `atlas register` wants of the last version.
 */
const DEFAULT_MODE: Mode = 'FULL';

export interface EventsReport {
  readonly findings: readonly BreakingFinding[];
  readonly notCompared: readonly string[];
}

/**
 * Compares the AsyncAPI documents of two sides, with the Avro and JSON schemas of their messages. `mode` is about
 * payloads and headers. Throws an `UnusableSide` if an Avro schema has errors.
 */
export function compareEvents(old: Side, next: Side, options: CompareOptions & { readonly mode?: Mode }): EventsReport {
  const [before, after] = [eventsOf(old), eventsOf(next)];
  const schemas = [new EventSchemas(old), new EventSchemas(next)] as const;
  const context = contextOf(before, after, { old: new Records(schemas[0]), new: new Records(schemas[1]) });
  const readings = readingsOf(options.mode ?? DEFAULT_MODE);
  const drafts: Draft[] = [
    ...eventRules.flatMap((rule) => [...rule.check(context)].map((one): Draft => ({ level: rule.level, ...one }))),
    ...avroPayloadDrafts(context, readings),
    ...jsonDrafts(context, schemas, readings, options),
  ];
  return { findings: mergedDrafts(drafts, ''), notCompared: [...new Set([before, after].flatMap(untouched))] };
}

/** Payloads in a format that is not read. */
function untouched({ topics }: Events): readonly string[] {
  return [...topics.values()].flatMap(({ messages }) =>
    [...messages.values()].flatMap(({ payload }) =>
      payload.kind === 'other' ? [`payloads of ${payload.format}`] : [],
    ),
  );
}
