import { describe, expect, it } from 'vitest';
import { Sequences } from './sequences.ts';

describe('sequences', () => {
  it('of a key follow each other by one', () => {
    const sequences = new Sequences();
    const follows = (key: string, ...numbers: bigint[]) => numbers.map((number) => sequences.follow(key, number));
    expect(follows('x', 4n, 5n, 7n, 6n, 8n)).toEqual(['first', 'next', 'gap', 'back', 'next']);
    expect(follows('y', 1n, 1n)).toEqual(['first', 'back']);
  });

  it('are forgotten for the key that was silent for longest', () => {
    const sequences = new Sequences();
    sequences.follow('old', 1n);
    for (let n = 0; n < 10_000; n++) sequences.follow(`key ${n}`, 1n);
    expect(sequences.follow('old', 9n)).toBe('first');
  });
});
