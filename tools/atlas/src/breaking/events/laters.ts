import type { JsonValue } from '@atlas/ir';
import { avroDraft } from '../avro/avroFile.ts';
import { compareAvro, type AvroSide } from '../avro/compareAvro.ts';
import type { Reading } from '../../read/avro/levels.ts';
import type { Draft } from '../draft.ts';
import { shownData, type Witness } from '../finding.ts';
import { shownLoc, type Side } from '../sides/side.ts';
import { reachedLater, sameLater, type EventsContext } from './context.ts';
import type { LaterUse, Payload } from './view.ts';

/**
 * Rows stay in the database across a deploy, so new code reads what old code wrote; while both run, old code may claim
 * what new code wrote.
 */
const READINGS: readonly Reading[] = ['backward', 'forward'];

/** What changed in the Avro records that the rows of timers and effects carry. */
export function laterDrafts({ old, new: next }: EventsContext): readonly Draft[] {
  return old.laters.flatMap((before) => {
    const after = sameLater(next, before);
    return [...before.records].flatMap(([key, written]) => {
      const read = after?.records.get(key);
      if (!read) return [];
      const who = { readers: 'instances that read its rows', writers: 'instances that write its rows' };
      return compareAvro(sideOf(written, old.side), sideOf(read, next.side), READINGS).map((one): Draft => {
        const draft = {
          ...avroDraft(one, [reachedLater(before)], who),
          consumers: [before.service],
          document: before.loc.file,
        };
        return one.witness ? { ...draft, witness: rowWitness(before, key, one.witness) } : draft;
      });
    });
  });
}

function sideOf({ record, loc }: Extract<Payload, { kind: 'avro' }>, side: Side): AvroSide {
  return { type: record, loc, show: (place) => shownLoc(side, place) };
}

/** A row as a witness: what it belongs to, and its record in Avro's JSON encoding. */
function rowWitness({ kind, name }: LaterUse, key: string, { acceptedBy, value, at }: Witness): Witness {
  const row: JsonValue = { [kind]: name, [key]: value };
  return { acceptedBy, value: row, at: `/${key}${at}`, shown: `${kind} ${name}, ${key}\n${shownData(value)}` };
}
