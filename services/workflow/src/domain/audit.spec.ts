import { sha256 } from '@atlas/runtime/digest';
import { describe, expect, it } from 'vitest';
import { NOW } from '../../test/samples.ts';
import { factsOf, firstBroken, link, type Entry } from './audit.ts';

/** A chain of entries with these facts. */
function chainOf(...facts: readonly string[]): Entry[] {
  const chain: Entry[] = [];
  for (const [index, fact] of facts.entries()) {
    const hash = link(chain[index - 1]?.hash ?? '0'.repeat(64), fact, sha256);
    chain.push({ seq: BigInt(index + 1), facts: fact, hash });
  }
  return chain;
}

const chain = chainOf('a', 'b', 'c', 'd');
const nth = (seq: number): Entry => {
  const entry = chain[seq - 1];
  if (!entry) throw new Error(`there is no entry ${seq}`);
  return entry;
};
const [a, b, c, d] = [nth(1), nth(2), nth(3), nth(4)];

describe('the audit chain', () => {
  it('is intact if nobody changed it, also from the middle on', () => {
    expect(firstBroken(chain, sha256)).toBeUndefined();
    expect(firstBroken(chain.slice(2), sha256, b)).toBeUndefined();
  });

  it.each([
    ['is changed', [a, { ...b, facts: 'B' }, c, d], 2n],
    ['is changed with its own hash', [a, ...chainOf('a', 'B').slice(1), c, d], 3n],
    ['is removed', [a, c, d], 2n],
    ['is removed and the others are renumbered', [a, { ...c, seq: 2n }, { ...d, seq: 3n }], 2n],
    ['is added', [a, { ...b, facts: 'x' }, b, c, d], 2n],
    ['changes its place', [a, c, b, d], 2n],
  ])('is broken if an entry %s', (_what, entries, seq) => {
    expect(firstBroken(entries, sha256)).toBe(seq);
  });
});

describe('the facts of an entry', () => {
  it('are the same text for the same facts', () => {
    const facts = { at: NOW, version: 3n, step: 1, roles: ['finance'], onBehalfOf: undefined };
    expect(factsOf('decided', facts)).toBe(
      '{"kind":"decided","at":"2026-01-05T09:30:00.000Z","version":"3","step":1,"roles":["finance"]}',
    );
  });
});
