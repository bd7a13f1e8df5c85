import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inOrder, type Placed } from './sort.ts';

function event(eventId: string, seconds: number, more: Partial<Placed> = {}): Placed {
  return {
    eventId,
    at: new Date(seconds * 1_000),
    topic: 'orders',
    key: 'o-1',
    sequence: 0n,
    causationId: null,
    ...more,
  };
}

const ids = (events: readonly Placed[]): readonly string[] => inOrder(events).map(({ eventId }) => eventId);

describe('events', () => {
  it.each<[string, readonly Placed[], readonly string[]]>([
    ['by time, unless something else is known', [event('b', 2), event('a', 1)], ['a', 'b']],
    [
      'after their cause, whatever their clock says',
      [event('effect', 1, { causationId: 'cause' }), event('cause', 2)],
      ['cause', 'effect'],
    ],
    [
      'in the sequence of their topic and key',
      [event('two', 1, { sequence: 2n }), event('one', 2, { sequence: 1n })],
      ['one', 'two'],
    ],
    [
      'by time if their keys differ',
      [event('two', 1, { sequence: 2n, key: 'p-1' }), event('one', 2, { sequence: 1n, key: 'p-2' })],
      ['two', 'one'],
    ],
    [
      'by time if they cause each other',
      [event('b', 2, { causationId: 'a' }), event('a', 1, { causationId: 'b' })],
      ['a', 'b'],
    ],
    ['by time if they cause themselves', [event('b', 2, { causationId: 'b' }), event('a', 1)], ['a', 'b']],
    ['by time if nobody knows the cause', [event('b', 2, { causationId: 'lost' }), event('a', 3)], ['b', 'a']],
  ])('are sorted %s', (_what, events, expected) => {
    expect(ids(events)).toEqual(expected);
  });

  it('are all there, each after its cause and its predecessor, whatever their clocks say', () => {
    const history = fc.array(
      fc.record({ seconds: fc.integer({ min: 0, max: 50 }), cause: fc.nat(), key: fc.constantFrom('a', 'b') }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(history, fc.infiniteStream(fc.nat()), (made, random) => {
        const last = new Map<string, bigint>();
        // each is caused by an earlier one, if by any
        const events = made.map(({ seconds, cause, key }, index) => {
          last.set(key, (last.get(key) ?? 0n) + 1n);
          const causationId = index === 0 || cause % 3 === 0 ? null : `e-${cause % index}`;
          return event(`e-${index}`, seconds, { key, causationId, sequence: last.get(key) ?? 1n });
        });
        const mixed = events
          .map((one) => ({ one, at: random.next().value ?? 0 }))
          .sort((a, b) => a.at - b.at)
          .map(({ one }) => one);
        const sorted = inOrder(mixed);
        expect(new Set(sorted)).toEqual(new Set(events));
        const place = new Map(sorted.map(({ eventId }, index) => [eventId, index]));
        const early = sorted.filter(
          ({ eventId, causationId }) =>
            causationId !== null && (place.get(causationId) ?? 0) >= (place.get(eventId) ?? 0),
        );
        expect(early).toEqual([]);
        for (const key of ['a', 'b']) {
          const sequences = sorted.filter((one) => one.key === key).map(({ sequence }) => sequence);
          expect(sequences).toEqual(sequences.toSorted((a, b) => Number(a - b)));
        }
      }),
    );
  });
});
