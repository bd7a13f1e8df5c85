import type { JsonValue } from '@atlas/ir';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareSchemas } from './report/compareSchemas.ts';
import type { SchemaDocument } from './schemas.ts';
import { dice } from './testing/dice.ts';
import { editedSchema } from './testing/editedSchema.ts';
import { plainAjv } from './testing/plainAjv.ts';
import { schemas, values } from './testing/randomSchemas.ts';

const PAIRS = Number(process.env['RUNS'] ?? 300);
const SEEDS = process.env['SEED'] === undefined ? [12_001, 12_002, 12_003] : [Number(process.env['SEED'])];

function documentOf(root: JsonValue): SchemaDocument {
  return { document: { root }, dialect: '2020-12', isDirected: false };
}

describe('the verdict on random edits of a random JSON Schema', () => {
  it.each(SEEDS)('is right in both readings (seed %i)', (seed) => {
    const seen = { pairs: 0, breaking: 0, compatible: 0 };
    fc.assert(
      fc.property(schemas, dice, fc.array(values, { minLength: 30 }), (old, dice, attacks) => {
        const next = editedSchema(old, dice);
        const [was, is] = [documentOf(old), documentOf(next)];
        const accepts = { old: plainAjv(old), new: plainAjv(next) };
        const wrong: string[] = [];
        for (const [direction, by, other] of [
          ['request', 'old', 'new'],
          ['response', 'new', 'old'],
        ] as const) {
          const place = { pointer: '/root' };
          const { causes } = compareSchemas(was, is, [{ id: 'root', direction, old: place, new: place }], {
            strict: true,
          });
          seen.pairs += 1;
          for (const { severity, witness } of causes)
            if (severity === 'error') {
              seen.breaking += 1;
              const value = witness?.value ?? null;
              if (witness?.acceptedBy !== by || accepts[by](value) === false || accepts[other](value) === true)
                wrong.push(`no proof: ${JSON.stringify(witness)}`);
            }
          if (causes.length > 0) continue;
          seen.compatible += 1;
          for (const value of attacks)
            if (accepts[by](value) === true && accepts[other](value) === false)
              wrong.push(`missed (${direction}): ${JSON.stringify(value)}`);
        }
        expect(wrong, `${JSON.stringify(old)}\n${JSON.stringify(next)}`).toEqual([]);
      }),
      { numRuns: PAIRS, seed, endOnFailure: true },
    );
    expect(seen.breaking).toBeGreaterThan(seen.pairs / 20);
    expect(seen.compatible).toBeGreaterThan(seen.pairs / 20);
  });
});
