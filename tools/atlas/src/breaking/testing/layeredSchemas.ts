import type { JsonObject, JsonValue } from '@atlas/ir';
import { Dice } from './dice.ts';

type Layer = (next: () => JsonValue, dice: Dice) => JsonObject;

/** A layer, by the keywords with which it leads to the next one, often in two ways. */
const LAYERS: readonly Layer[] = [
  (next, dice) => ({ type: 'object', properties: { a: next(), b: next() }, required: dice.some(['a', 'b']) }),
  (next) => ({ properties: { a: { anyOf: [next(), next()] }, b: { oneOf: [next(), { type: 'string' }] } } }),
  (next) => ({ patternProperties: { '^a': next(), b$: next() }, minProperties: 1 }),
  (next, dice) => ({ properties: { a: next() }, additionalProperties: next(), minProperties: dice.below(3) }),
  (next) => ({ properties: { a: next() }, unevaluatedProperties: next() }),
  (next) => ({ anyOf: [{ properties: { a: next() } }, { properties: { b: next() } }], unevaluatedProperties: false }),
  (next, dice) => ({ type: 'array', items: next(), minItems: dice.below(4) }),
  (next) => ({ type: 'array', items: { anyOf: [next(), { type: 'array', minItems: 3, items: next() }] }, minItems: 2 }),
  (next, dice) => ({ prefixItems: [next(), next()], minItems: dice.below(3), items: next() }),
  (next) => ({ prefixItems: [next()], unevaluatedItems: next(), minItems: 2 }),
  (next, dice) => ({ contains: next(), minContains: dice.below(3), maxContains: 3, items: next() }),
  (next) => ({ anyOf: [next(), next()] }),
  (next) => ({ oneOf: [next(), next(), { type: 'null' }] }),
  (next) => ({
    oneOf: [
      { type: 'object', properties: { a: next() } },
      { type: 'object', required: ['b'] },
    ],
  }),
  (next) => ({ allOf: [next(), { anyOf: [next(), { type: 'object' }] }] }),
  (next) => ({ not: { not: next() } }),
  (next) => ({ not: { required: ['a'], properties: { a: next() } } }),
  (next) => ({ if: next(), then: next(), else: next() }),
  (next) => ({ if: { required: ['a'] }, then: { properties: { a: next() } }, else: { properties: { b: next() } } }),
  (next) => ({ dependentSchemas: { a: next(), b: next() }, minProperties: 1 }),
  (next) => ({ propertyNames: { pattern: '^[ab]' }, additionalProperties: { anyOf: [next(), { type: 'string' }] } }),
];

/** Dice that give the same numbers for the same seed (mulberry32). */
function seeded(seed: number): Dice {
  let state = seed;
  return new Dice((end) => {
    state = Math.trunc(state + 0x6d2b79f5);
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * end);
  });
}

/**
 * Schemas `L0` to `L<layers>`, each of which leads to the next one, so that many ways lead to the last one, which is
 * `leaf`. A few also lead back. The same seed gives the same layers.
 */
export function layeredSchemas(seed: number, layers: number, leaf: JsonObject): JsonObject {
  const dice = seeded(seed);
  const kinds = Array.from({ length: 1 + dice.below(4) }, () => dice.pick(LAYERS));
  const all = Array.from({ length: layers }, (_, index): readonly [string, JsonObject] => {
    const next = (): JsonValue => {
      const at = dice.once(40) ? dice.below(index + 1) : Math.min(layers, index + 1 + (dice.once(10) ? 1 : 0));
      return { $ref: `#/components/schemas/L${at}` };
    };
    const layer = dice.pick(kinds)(next, dice);
    return [`L${index}`, dice.once(4) ? { ...layer, ...dice.pick(kinds)(next, dice) } : layer];
  });
  return Object.fromEntries([...all, [`L${layers}`, leaf]]);
}
