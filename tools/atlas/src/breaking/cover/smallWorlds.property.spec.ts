import type { JsonObject, JsonValue } from '@atlas/ir';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BUDGET } from '../budget.ts';
import { CleanRefs } from '../hashcons/clean.ts';
import { Projection } from '../project/project.ts';
import { dice, type Dice } from '../testing/dice.ts';
import { covers } from './covers.ts';
import { Search } from './search.ts';

const NAMES = ['x', 'y'];
const SCALARS = ['a', 0, 1, 2];

/** Every object of these members. */
const OBJECTS = NAMES.reduce<readonly JsonObject[]>(
  (all, name) => all.flatMap((one) => [one, ...SCALARS.map((value) => ({ ...one, [name]: value }))]),
  [{}],
);
const ODD = [1, 3, 5, 7, 9, 11, 13, 15, 17, 19];
/** Every half from -30 to 30. */
const NUMBERS = Array.from({ length: 121 }, (_, index) => (index - 60) / 2);

function scalarSchema(d: Dice): JsonValue {
  return d.pick([{ type: 'string' }, { type: 'integer' }, { type: ['string', 'integer'] }, { enum: ['a', 1] }, false]);
}

function objectSchema(d: Dice): JsonObject {
  return {
    type: 'object',
    ...d.pick([{}, { properties: Object.fromEntries(d.some(NAMES).map((name) => [name, scalarSchema(d)])) }]),
    required: d.some(NAMES),
    ...d.pick([{}, { patternProperties: { [d.pick(['^x$', '^[xy]$', '^.$'])]: scalarSchema(d) } }]),
    ...d.pick([{}, { additionalProperties: false }, { additionalProperties: scalarSchema(d) }]),
    ...d.pick([{}, {}, { propertyNames: { enum: d.pick([['x'], ['x', 'y']]) } }]),
    ...d.pick([{}, {}, { maxProperties: d.below(3) }]),
  };
}

function numberSchema(d: Dice): JsonObject {
  if (d.once(3)) return { enum: d.pick([ODD, ODD.slice(2)]) };
  return {
    type: d.pick(['integer', 'number']),
    ...d.pick([{}, { minimum: d.pick([0, 4]) }]),
    ...d.pick([{}, {}, { maximum: 9 }]),
    ...d.pick([{}, { not: d.pick([{ multipleOf: 2 }, { multipleOf: 3 }]) }]),
  };
}

/** Another schema, or one with a keyword of another, because random schemas seldom nearly cover each other. */
function edited(d: Dice, old: JsonObject, other: JsonObject): JsonObject {
  const key = d.pick(['', ...Object.keys(other)]);
  return key === '' || key === 'enum' || old['enum'] !== undefined ? other : { ...old, [key]: other[key] };
}

/** The values of the world that show that the verdict "covered" is wrong. */
function missedIn(world: readonly JsonValue[], old: JsonObject, next: JsonObject): readonly JsonValue[] {
  const side = { document: {}, dialect: '2020-12' } as const;
  const search: Search = new Search((ref) => projection.target(ref), BUDGET);
  const projection = new Projection(search.store, side, side, new CleanRefs(side, side));
  const writer = projection.project(old, { side: 'old', direction: 'request', names: 'open' });
  const reader = projection.project(next, { side: 'new', direction: 'request', names: 'open' });
  if (covers(search, reader, writer).kind !== 'yes') return [];
  return world.filter((value) => search.accepts(writer, value) === true && search.accepts(reader, value) === false);
}

describe('a schema that is said to cover another one', () => {
  it.each([
    { kind: 'objects', schema: objectSchema, world: OBJECTS },
    { kind: 'numbers', schema: numberSchema, world: NUMBERS },
  ])('accepts all of its $kind, one by one', ({ schema, world }) => {
    fc.assert(
      fc.property(dice, (d) => {
        const old = schema(d);
        expect(missedIn(world, old, edited(d, old, schema(d)))).toEqual([]);
      }),
      { numRuns: 1_500, seed: 20_260_101 },
    );
  });
});
