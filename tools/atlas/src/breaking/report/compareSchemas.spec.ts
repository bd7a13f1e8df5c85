import type { JsonObject, JsonValue } from '@atlas/ir';
import { describe, expect, it } from 'vitest';
import type { CompareOptions, Direction, Outcome, SchemaPair } from '../schemas.ts';
import { compareSchemas } from './compareSchemas.ts';

const at = (id: string, direction: Direction, pointer: string): SchemaPair => ({
  id,
  direction,
  old: { pointer },
  new: { pointer },
});

function compare(old: JsonObject, next: JsonObject, pairs: readonly SchemaPair[], options?: CompareOptions): Outcome {
  const document = (schemas: JsonObject): JsonObject => ({ components: { schemas } });
  return compareSchemas(
    { document: document(old), dialect: '2020-12' },
    { document: document(next), dialect: '2020-12' },
    pairs,
    options,
  );
}

const ref = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` });
const object = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({ type: 'object', properties, ...more });
const schema = (name: string): string => `/components/schemas/${name}`;

describe('the comparison of two documents', () => {
  const shared = {
    Show: object({ title: { type: 'string' }, seats: { type: 'array', items: ref('Seat') } }),
    Booking: object({ show: ref('Show'), seat: ref('Seat') }),
  };
  const seat = (row: JsonValue): JsonObject => object({ row });

  it('reports one edit once, at the schema that was edited, with all that it reaches', () => {
    const old = { ...shared, Seat: seat({ type: 'string', maxLength: 3 }) };
    const next = { ...shared, Seat: seat({ type: 'string', maxLength: 2 }) };
    const pairs = [at('book', 'request', schema('Booking')), at('show', 'request', schema('Show'))];
    expect(compare(old, next, pairs).causes).toEqual([
      {
        severity: 'error',
        change: 'max-length-narrowed',
        message: 'maxLength refuses what was accepted before',
        old: '/components/schemas/Seat/properties/row',
        new: '/components/schemas/Seat/properties/row',
        directions: ['request'],
        reaches: ['book', 'show'],
        witness: { pair: 'book', acceptedBy: 'old', value: { seat: { row: 'abc' } }, at: '/seat/row' },
      },
    ]);
  });

  it('merges both directions of one edit', () => {
    const old = { ...shared, Seat: seat({ enum: ['A', 'B'] }) };
    const next = { ...shared, Seat: seat({ enum: ['A', 'C'] }) };
    const pairs = [at('book', 'request', schema('Booking')), at('read', 'response', schema('Booking'))];
    const { causes } = compare(old, next, pairs);
    expect(causes).toHaveLength(1);
    expect(causes[0]).toMatchObject({ directions: ['request', 'response'], reaches: ['book', 'read'] });
  });

  it('reports two edits of one schema separately', () => {
    const old = { Seat: object({ row: { type: 'string' }, number: { type: 'integer' } }) };
    const next = { Seat: object({ row: { type: 'integer' }, number: { type: 'integer' } }, { required: ['number'] }) };
    const { causes } = compare(old, next, [at('book', 'request', schema('Seat'))]);
    expect(causes.map(({ change, old: place }) => [change, place])).toEqual([
      ['property-became-required', '/components/schemas/Seat'],
      ['type-narrowed', '/components/schemas/Seat/properties/row'],
    ]);
  });

  it('reports the edit of a schema at that schema, even if two variants lead to it', () => {
    const seat = { anyOf: [ref('Row'), ref('Row')] };
    const old = { Seat: seat, Row: { type: 'string', maxLength: 3 } };
    const next = { Seat: seat, Row: { type: 'string', maxLength: 2 } };
    const { causes } = compare(old, next, [at('book', 'request', schema('Seat'))]);
    expect(causes).toMatchObject([{ change: 'max-length-narrowed', old: schema('Row'), severity: 'error' }]);
  });

  it('ignores words, the order of keys and the name of a schema', () => {
    const old = { ...shared, Seat: object({ row: { type: 'string' }, number: { type: 'integer' } }) };
    const next = {
      Show: object({ seats: { type: 'array', items: ref('Place') }, title: { type: 'string', description: 'shown' } }),
      Booking: object({ seat: ref('Place'), show: ref('Show') }),
      Place: object({ number: { type: 'integer' }, row: { type: 'string' } }),
    };
    const pairs = [at('book', 'request', schema('Booking')), at('read', 'response', schema('Booking'))];
    expect(compare(old, next, pairs).causes).toEqual([]);
  });

  it('does not look at pairs that are equal', () => {
    const old = { ...shared, Seat: seat({ type: 'string' }), Hall: object({ name: { type: 'string' } }) };
    const next = { ...old, Seat: seat({ type: 'integer' }) };
    const pairs = [at('hall', 'request', schema('Hall')), at('book', 'request', schema('Booking'))];
    expect(compare(old, next, pairs)).toMatchObject({ equal: 1, causes: [{ reaches: ['book'] }] });
  });

  it('counts names that the writer does not declare only if it is strict', () => {
    const old = { Seat: object({ row: { type: 'string' } }) };
    const next = { Seat: object({ row: { type: 'string' }, number: { type: 'integer' } }) };
    const pairs = [at('book', 'request', schema('Seat'))];
    expect(compare(old, next, pairs).causes).toEqual([]);
    const [cause] = compare(old, next, pairs, { strict: true }).causes;
    expect(cause).toMatchObject({ severity: 'error', witness: { acceptedBy: 'old', at: '/number' } });
  });

  it('counts such names if the writer promises them', () => {
    const open = { additionalProperties: true };
    const old = { Seat: object({ row: { type: 'string' } }, open) };
    const next = { Seat: object({ row: { type: 'string' }, number: { type: 'integer' } }, open) };
    expect(compare(old, next, [at('book', 'request', schema('Seat'))]).causes).toHaveLength(1);
  });

  it('knows that a writer sends no value that two branches of its own oneOf accept', () => {
    const anyMap = { type: 'object', additionalProperties: true };
    const seatOf = (row: JsonObject): JsonObject => ({ oneOf: [anyMap, object({ row }, { required: ['row'] })] });
    const old = { Seat: seatOf(object({ letter: { type: 'string' } })) };
    const next = { Seat: seatOf({ anyOf: [object({ letter: { type: 'string' } })] }) };
    const pairs = [at('book', 'request', schema('Seat')), at('read', 'response', schema('Seat'))];
    expect(compare(old, next, pairs).causes).toEqual([]);
  });

  it('lets readOnly refuse nothing inside if and not, because these only ask', () => {
    const seatOf = (letter: JsonObject): JsonObject =>
      object(
        { row: {}, note: {} },
        { if: object({ row: letter }, { required: ['row'] }), then: { required: ['note'] } },
      );
    const old = { Seat: seatOf({ const: 'A' }) };
    const next = { Seat: seatOf({ const: 'A', readOnly: true }) };
    const pairs = [at('book', 'request', schema('Seat')), at('read', 'response', schema('Seat'))];
    expect(compare(old, next, pairs).causes).toEqual([]);
  });

  it('warns, with the reason, of what it cannot prove', () => {
    const old = { Seat: seat({ type: 'string', pattern: '^(?=.*1)(?=.*a)' }) };
    const next = { Seat: seat({ type: 'string', pattern: '^(?=.*a)(?=.*1)' }) };
    const [cause] = compare(old, next, [at('book', 'request', schema('Seat'))]).causes;
    expect(cause?.severity).toBe('warning');
    expect(cause?.unproven?.map(({ kind }) => kind)).toContain('pattern-syntax');
    expect(cause?.unproven?.some(({ detail }) => detail.includes('lookaround'))).toBe(true);
  });

  const nodes = (dynamic: string, node: JsonObject, other: JsonObject = {}): JsonObject => ({
    Seat: object({ next: { $dynamicRef: dynamic } }),
    Node: { $dynamicAnchor: 'node', ...node },
    Other: { $dynamicAnchor: 'other', ...other },
    Row: { type: 'string' },
  });

  it.each<[string, JsonObject]>([
    ['it names another schema', nodes('#other', ref('Row'))],
    ['a schema with an anchor changed', nodes('#node', { type: 'integer' })],
    ['what a schema with an anchor refers to changed', { ...nodes('#node', ref('Row')), Row: { type: 'integer' } }],
    ['a schema has another anchor', { ...nodes('#node', ref('Row')), Row: { type: 'string', $dynamicAnchor: 'node' } }],
  ])('warns of a dynamic reference, which it does not follow, if %s', (_what, next) => {
    const pairs = [at('book', 'request', schema('Seat'))];
    const [cause] = compare(nodes('#node', ref('Row')), next, pairs).causes;
    expect(cause?.unproven?.[0]?.detail).toContain('$dynamicRef "#node" is not followed');
  });

  it('warns once of a dynamic reference that both versions have', () => {
    const pairs = [at('book', 'request', schema('Seat'))];
    const [cause] = compare(nodes('#node', ref('Row')), nodes('#node', { type: 'integer' }), pairs).causes;
    expect(cause?.unproven).toEqual([{ kind: 'keyword', detail: '$dynamicRef "#node" is not followed' }]);
  });

  /** The causes if a schema behind a reference changes from one longest text to another. */
  const behind = (reference: string, most: number, nextMost: number): Outcome['causes'] => {
    const [old, next] = [most, nextMost].map((maxLength) => ({
      Seat: object({ row: { $ref: reference } }),
      'R{w': { $anchor: 'row', type: 'string', maxLength },
    }));
    return old && next ? compare(old, next, [at('book', 'request', schema('Seat'))]).causes : [];
  };

  it.each(['#row', '#/components/schemas/R%zw'])('warns of the reference %s, which it does not follow', (reference) => {
    const [cause] = behind(reference, 10, 3);
    expect(cause?.unproven?.[0]?.detail).toContain(`the reference ${reference}`);
  });

  it('says nothing about a reference to an anchor where nothing changed', () => {
    expect(behind('#row', 3, 3)).toEqual([]);
  });

  it('follows a reference with an escaped character', () => {
    expect(behind('#/components/schemas/R%7Bw', 10, 3)).toMatchObject([{ severity: 'error', new: schema('R{w') }]);
  });

  it('says nothing about a dynamic reference where nothing changed', () => {
    const pairs = [at('book', 'request', schema('Seat'))];
    const [old, next] = ['Rows', 'Lines'].map((title) => nodes('#node', { ...ref('Row'), title }));
    expect(old && next && compare(old, next, pairs).causes).toEqual([]);
  });
});

describe('the comparison of layers of schemas, each with two ways to the next', () => {
  const layers = (layer: (next: JsonObject) => JsonObject, maximum: number): JsonObject =>
    Object.fromEntries([
      ...Array.from({ length: 40 }, (_, index) => [`L${index}`, layer(ref(`L${index + 1}`))] as const),
      ['L40', { type: 'integer', maximum }],
    ]);
  const both = { required: ['a', 'b'] };
  /** Less than usual, so that the test is quick. */
  const budget = { question: 150_000, comparison: 300_000 };
  const list = (items: JsonObject): JsonObject => ({ type: 'array', minItems: 3, items });
  const either = (...next: readonly JsonObject[]): JsonObject => ({ anyOf: [...next, { type: 'string' }] });

  it.each<readonly [string, (next: JsonObject) => JsonObject]>([
    ['anyOf', (next) => ({ anyOf: [next, next] })],
    ['lists of lists', (next) => ({ type: 'array', minItems: 2, items: { anyOf: [next, list(next)] } })],
    ['variants in required properties', (next) => object({ a: either(next, next), b: either(next) }, both)],
    ['two required properties', (next) => object({ a: next, b: next }, both)],
  ])('ends with a finding for %s', (_, layer) => {
    const { causes } = compare(layers(layer, 100), layers(layer, 90), [at('root', 'request', schema('L0'))], {
      budget,
    });
    expect(causes).not.toEqual([]);
  });
});
