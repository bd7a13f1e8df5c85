import type { JsonObject } from '@atlas/ir';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cause, SchemaDocument } from '../schemas.ts';
import { dice, type Dice } from '../testing/dice.ts';
import { layeredSchemas } from '../testing/layeredSchemas.ts';
import { compareSchemas } from './compareSchemas.ts';

/** A third of the usual budget, so that the test is quick. */
const budget = { question: 150_000, comparison: 300_000 };

const LEAVES: readonly (readonly [JsonObject, JsonObject])[] = [
  [
    { type: 'integer', maximum: 100 },
    { type: 'integer', maximum: 90 },
  ],
  [{ enum: ['a', 1, null] }, { enum: ['a', 1] }],
  [{ type: 'integer' }, { type: ['integer', 'string'] }],
];

const place = { pointer: '/components/schemas/L0' };
const PAIRS = (['request', 'response'] as const).map((direction) => ({
  id: direction,
  direction,
  old: place,
  new: place,
}));

/** The dice give the same numbers again, so that both versions have the same layers. */
function versions(d: Dice): readonly [SchemaDocument, SchemaDocument] {
  const layers = 5 + d.below(56);
  const [old, next] = d.pick(LEAVES);
  const seed = d.below(2 ** 31);
  const sideOf = (leaf: JsonObject): SchemaDocument => ({
    document: { components: { schemas: layeredSchemas(seed, layers, leaf) } },
    dialect: '2020-12',
  });
  return [sideOf(old), sideOf(next)];
}

function isAnswer({ severity, witness, unproven = [], old, new: next }: Cause): boolean {
  const isPlaced = [old, next].every((pointer) => pointer.startsWith('/components/schemas/L'));
  return isPlaced && (severity === 'error' ? witness !== undefined : unproven.length > 0);
}

describe('the comparison of random layers of schemas, with many ways to the last one', () => {
  it('ends, and proves each finding or says why it is unproven', () => {
    const seen = { error: 0, warning: 0, info: 0 };
    fc.assert(
      fc.property(dice, (d) => {
        const { causes } = compareSchemas(...versions(d), PAIRS, { budget });
        for (const { severity } of causes) seen[severity] += 1;
        expect(causes.filter((cause) => !isAnswer(cause))).toEqual([]);
      }),
      { numRuns: 15, seed: 12_012, endOnFailure: true },
    );
    expect(seen.error).toBeGreaterThan(2);
    expect(seen.warning).toBeGreaterThan(5);
  });
});
