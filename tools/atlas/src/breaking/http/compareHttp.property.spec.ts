import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyApi, editedApi, equalApi } from '../testing/apiEdits.ts';
import { dice } from '../testing/dice.ts';
import { randomApi } from '../testing/randomApi.ts';
import { judged } from '../testing/verdicts.ts';

/**
 * Pairs per seed, split so that no test takes long on a busy machine. The variables `RUNS` and `SEED` set other values.
 */
const PAIRS = Number(process.env['RUNS'] ?? 250);
const SEEDS = process.env['SEED'] === undefined ? [8_001, 8_002] : [Number(process.env['SEED'])];

describe('the verdict on random edits of a random API', () => {
  it.each(SEEDS)('is right: no attack breaks a compatible version, and each break has a proof (seed %i)', (seed) => {
    const seen = { pairs: 0, breaking: 0, unproven: 0, attacks: 0 };
    fc.assert(
      fc.property(dice, (dice) => {
        const document = randomApi(dice);
        const isEqual = dice.once(3);
        const edited = editedApi(document, dice, isEqual ? 3 : 1 + dice.below(2), isEqual ? equalApi : anyApi);
        const { findings, wrong, attacks } = judged(edited, dice);
        seen.pairs += 1;
        seen.attacks += attacks;
        if (findings.some(({ severity }) => severity === 'error')) seen.breaking += 1;
        // edits that change nothing may have none: that is among what is wrong
        if (findings.some(({ change }) => change === 'schema-unproven')) seen.unproven += 1;
        expect(
          wrong,
          `${edited.edits.join(', ')}\n${JSON.stringify(edited.old)}\n${JSON.stringify(edited.next)}`,
        ).toEqual([]);
      }),
      { numRuns: PAIRS, seed, endOnFailure: true },
    );
    expect(seen.breaking).toBeGreaterThan(seen.pairs / 10);
    expect(seen.attacks).toBeGreaterThan(seen.pairs * 10);
    expect(seen.unproven).toBeLessThan(seen.pairs / 50);
  });
});
