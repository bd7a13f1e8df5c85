import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignPartitions } from './subscriptionAssigner.ts';

const TOPICS = ['a', 'b', 'c'];
const partitions = new Map(TOPICS.map((topic, index) => [topic, Array.from({ length: index + 2 }, (_, n) => n)]));
const group = fc.uniqueArray(fc.record({ id: fc.string({ minLength: 1 }), topics: fc.subarray(TOPICS) }), {
  selector: ({ id }) => id,
  minLength: 1,
  maxLength: 6,
});

describe('an assignment', () => {
  it('gives each partition to exactly one of the members that read its topic', () => {
    fc.assert(
      fc.property(group, (members) => {
        const assigned = assignPartitions(members, partitions);
        for (const [topic, numbers] of partitions) {
          const given = members.map(({ id }) => assigned.get(id)?.[topic] ?? []);
          const readers = members.filter(({ topics }) => topics.includes(topic));
          expect(given.flat().toSorted((a, b) => a - b)).toEqual(readers.length === 0 ? [] : numbers);
          expect(members.every(({ topics }, at) => topics.includes(topic) || given[at]?.length === 0)).toBe(true);
        }
      }),
    );
  });

  it('is the same whichever member leads, and is balanced among members that read the same topics', () => {
    const members = ['x', 'y', 'z'].map((id) => ({ id, topics: TOPICS }));
    const assigned = assignPartitions(members, partitions);
    expect(assignPartitions(members.toReversed(), partitions)).toEqual(assigned);
    expect(members.map(({ id }) => Object.values(assigned.get(id) ?? {}).flat().length)).toEqual([3, 3, 3]);
  });
});
