import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PAIRS } from './documents.ts';
import { atlasVerdicts, PEER } from './judges.ts';
import { page, peerVerdictsOf } from './page.ts';

const REFERENCE = join(import.meta.dirname, '../../../../docs/reference');

describe('atlas breaking over the pairs of docs/reference/verdicts.md', () => {
  it('gives each pair the right verdict, without a false alarm or a miss', () => {
    const verdicts = atlasVerdicts(PAIRS);
    const expected = PAIRS.map(({ id, breaks }) => [id, breaks ? 'breaks' : 'fine']);
    expect([...verdicts]).toEqual(expected);
  });

  it('gives the verdicts that the page has', async () => {
    const written = await readFile(join(REFERENCE, 'verdicts.md'), 'utf8');
    const peer = peerVerdictsOf(written, PAIRS);
    expect(peer.size, 'the page has a verdict of the peer on each pair').toBe(PAIRS.length);
    expect(page(PAIRS, atlasVerdicts(PAIRS), peer, PEER)).toBe(written);
    const compatibility = await readFile(join(REFERENCE, 'compatibility.md'), 'utf8');
    expect(compatibility).toContain(`has ${PAIRS.length} pairs of operations`);
  });

  it('have different ids', () => {
    expect(new Set(PAIRS.map(({ id }) => id)).size).toBe(PAIRS.length);
  });
});
