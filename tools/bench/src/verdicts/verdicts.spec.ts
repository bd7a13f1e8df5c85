import { describe, expect, it } from 'vitest';
import { PAIRS } from './documents.ts';
import { atlasVerdicts } from './judges.ts';

describe('atlas breaking over the pairs of docs/reference/verdicts.md', () => {
  it('gives each pair the right verdict, without a false alarm or a miss', () => {
    const verdicts = atlasVerdicts(PAIRS);
    const expected = PAIRS.map(({ id, breaks }) => [id, breaks ? 'breaks' : 'fine']);
    expect([...verdicts]).toEqual(expected);
  });

  it('has a pair once', () => {
    expect(new Set(PAIRS.map(({ id }) => id)).size).toBe(PAIRS.length);
  });
});
