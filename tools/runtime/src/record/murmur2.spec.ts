import { describe, expect, it } from 'vitest';
import { murmur2, partitionOf } from './murmur2.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);

describe('murmur2', () => {
  // org.apache.kafka.common.utils.UtilsTest.testMurmur2
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('of %s is the same as in Java', (text, hash) => {
    expect(murmur2(bytes(text))).toBe(hash);
  });
});

describe('the partition', () => {
  it("of a key is the one that Java's default partitioner chooses", () => {
    expect(partitionOf(bytes('foobar'), 7, 1n)).toBe((-790332482 & 0x7fffffff) % 7);
  });

  it('of records without key changes from one record to the next', () => {
    expect([1n, 2n, 3n, 4n].map((id) => partitionOf(null, 3, id))).toEqual([1, 2, 0, 1]);
  });
});
