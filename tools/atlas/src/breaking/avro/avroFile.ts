import { namedSchemas, parseAvroType } from '../../read/avro/payloads.ts';
import type { Draft } from '../draft.ts';
import { withReleases } from '../releases.ts';
import { refuseErrors, shownLoc, type FileSide } from '../sides/side.ts';
import { compareAvro, type AvroSide } from './compareAvro.ts';
import type { Reading } from '../../read/avro/levels.ts';
import { SOMEBODY, type AvroBreak, type Who } from './rule.ts';
import { avroRuleOf } from './rules/index.ts';

/** The schema of an `.avsc` file. Throws an `UnusableSide` if it is not valid. */
export function avroOf(side: FileSide): AvroSide {
  const { workspace, file } = side;
  const cursor = workspace.documents.get(file);
  const { type, diagnostics } = cursor ? parseAvroType(cursor, namedSchemas(workspace)) : { diagnostics: [] };
  refuseErrors(side, diagnostics);
  if (!cursor || !type) throw new Error(`${file} was not loaded`);
  return { type, loc: (cursor.get('name') ?? cursor).valueLoc, show: (loc) => shownLoc(side, loc) };
}

/**
 * Compares two versions of an `.avsc` file. The verdict is the one of a schema registry: a change that a registry
 * accepts is a warning, which shows the data that is refused or read wrongly. Each finding shows `reaches`.
 */
export function compareAvroFiles(
  old: AvroSide,
  next: AvroSide,
  readings: readonly Reading[],
  reaches: readonly string[],
): readonly Draft[] {
  return compareAvro(old, next, readings).map((one) => {
    const plain = avroDraft(one, reaches, SOMEBODY);
    const draft = { ...plain, safePath: withReleases(plain.safePath, {}) };
    if (!one.registryAccepts) return draft;
    const detail = 'a registry accepts it; readers of Atlas refuse this data, and other readers may read another value';
    return { ...draft, severity: 'warning', unproven: [{ kind: 'other-readers', detail }] };
  });
}

/** The finding of a break. It has no witness if the smallest one is too large to show. */
export function avroDraft(
  one: AvroBreak,
  reaches: readonly string[],
  who: Who,
): Draft & { readonly safePath: readonly string[] } {
  const { change, message, old, new: next, witness, field } = one;
  return {
    protocol: 'events',
    level: 'wire',
    severity: 'error',
    change,
    message,
    old,
    new: next,
    reaches,
    ...(witness
      ? { witness }
      : { unproven: [{ kind: 'budget', detail: 'the smallest data that shows it is too large' }] }),
    safePath: avroRuleOf[one.kind].safePath(one, who),
    spot: field,
  };
}
