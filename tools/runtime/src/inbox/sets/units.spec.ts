import { describe, expect, it } from 'vitest';
import { onSeatSold, seatReturned, seatSold } from '../../../test/messaging/tickets.ts';
import { AtlasError } from '../../contract/atlasError.ts';
import { receivedOf } from '../../record/headers.ts';
import { deliveryOf } from '../delivery.ts';
import type { Taken } from '../singles.ts';
import { lanesOf, stretchesOf, unitsOf } from './units.ts';

const CONSUMERS = {
  /** Two messages of a consumer that gets sets of at most three. */
  s: { ...onSeatSold, name: 'inSets', batch: { max: 3 } },
  r: { ...onSeatSold, name: 'inSets', message: seatReturned, batch: { max: 3 } },
  /** Another consumer of sets. */
  o: { ...onSeatSold, name: 'other', batch: { max: 3 } },
  /** A consumer of single events. */
  a: { ...onSeatSold, message: seatSold },
};
const handle = async () => [];

/**
 * `s`, `r`, `o` and `a` are the consumers above. `-` has a type that nobody consumes, the type of `?` is not known, `!`
 * waits.
 */
function taken(kind: string, index: number): Taken {
  const record = {
    topic: 't',
    partition: 0,
    offset: BigInt(index),
    key: Buffer.from(kind),
    value: null,
    headers: {},
    timestamp: new Date(0),
  };
  const received = receivedOf(record);
  if (kind === '-') return { record, received, delivery: undefined };
  if (kind === '!') return { record, received, delivery: 'unavailable' };
  const contract = Object.entries(CONSUMERS).find(([name]) => name === kind)?.[1] ?? CONSUMERS.s;
  const unknown = kind === '?' ? new AtlasError('ATLAS_SCHEMA_UNKNOWN', 'no schema') : undefined;
  return { record, received, delivery: deliveryOf(record, received, { contract, handle }, unknown) };
}

const recordsOf = (batch: string): readonly Taken[] => batch.split('').map(taken);

/** The units of a batch: sets in brackets. */
function units(batch: string): string {
  const texts = unitsOf(recordsOf(batch)).map((unit) => {
    const from = Number(unit.first.offset);
    const text = batch.slice(from, Number(unit.last.offset) + 1);
    return unit.kind === 'set' ? `[${text}]` : text;
  });
  return texts.join('');
}

describe('the units of a batch', () => {
  it.each([
    ['are the longest sets, with all messages of a consumer', 'srs', '[srs]'],
    ['end where the most messages are reached', 'ssssr', '[sss][sr]'],
    ['end at a record of another consumer', 'sosaa', '[s][o][s]aa'],
    ['contain records that nobody consumes, which do not count', 's--ss-s', '[s--ss-][s]'],
    ['begin with a message', '--s', '--[s]'],
    ['end at a record whose type is not known yet, or that waits for the registry', 's?s!s', '[s]?[s]![s]'],
    ['are none if there are no records', '', ''],
  ])('%s', (_what, batch, expected) => {
    expect(units(batch)).toBe(expected);
  });
});

describe('the stretches of a batch', () => {
  it.each([
    ['are what is consumed alone between two sets, and each set', 'sa-sosaa-', 's|a-|s|o|s|aa-'],
    ['are one if there are no sets', 'a-?', 'a-?'],
    ['are none if there are no records', '', ''],
  ])('%s', (_what, batch, expected) => {
    const texts = stretchesOf(unitsOf(recordsOf(batch))).map((stretch) =>
      batch.slice(Number(stretch[0].first.offset), Number(stretch.at(-1)?.last.offset) + 1),
    );
    expect(texts.join('|')).toBe(expected);
  });

  it('have a lane per key', () => {
    expect(new Set(lanesOf(unitsOf(recordsOf('a-a')))).size).toBe(2);
  });
});
