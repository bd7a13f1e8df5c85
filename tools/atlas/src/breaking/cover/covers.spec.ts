import type { JsonObject, JsonValue } from '@atlas/ir';
import { describe, expect, it } from 'vitest';
import { BUDGET } from '../budget.ts';
import { CleanRefs } from '../hashcons/clean.ts';
import { Projection } from '../project/project.ts';
import type { Direction, SchemaDocument, Verdict } from '../schemas.ts';
import pairs from '../testing/pairs.json' with { type: 'json' };
import { covers } from './covers.ts';
import { Search } from './search.ts';

interface Pair {
  readonly title: string;
  readonly dialect?: string;
  readonly old: JsonValue;
  readonly new: JsonValue;
  readonly components?: { readonly old: JsonObject; readonly new: JsonObject };
  readonly request: string;
  readonly response: string;
}

// cast: the file is written by hand with these members; the compiler infers a union of forty literals instead
const worked = pairs as unknown as readonly Pair[];

function verdictOf(pair: Pick<Pair, 'dialect' | 'old' | 'new' | 'components'>, direction: Direction): Verdict {
  const dialect = pair.dialect === 'openapi-3.0' ? 'openapi-3.0' : '2020-12';
  const side = (name: 'old' | 'new'): SchemaDocument => ({
    document: { components: { schemas: pair.components?.[name] } },
    dialect,
  });
  const search: Search = new Search((ref) => projection.target(ref), BUDGET);
  const [before, after] = [side('old'), side('new')];
  const projection = new Projection(search.store, before, after, new CleanRefs(before, after));
  const old = projection.project(pair.old, { side: 'old', direction, names: 'open' });
  const next = projection.project(pair.new, { side: 'new', direction, names: 'open' });
  return direction === 'request' ? covers(search, next, old) : covers(search, old, next);
}

function reasonsOf(verdict: Verdict): readonly string[] {
  return verdict.kind === 'unknown' ? [...new Set(verdict.reasons.map(({ kind }) => kind))] : [];
}

describe('two schemas', () => {
  const rates = { verdicts: 0, falseAlarms: 0, missed: 0, unproven: 0 };

  for (const pair of worked)
    for (const direction of ['request', 'response'] as const)
      it(`${pair[direction] === 'breaks' ? 'break' : 'are compatible'} as a ${direction} if ${pair.title}`, () => {
        const { kind } = verdictOf(pair, direction);
        rates.verdicts += 1;
        if (kind === 'unknown') rates.unproven += 1;
        else if (kind === 'no' && pair[direction] === 'compatible') rates.falseAlarms += 1;
        else if (kind === 'yes' && pair[direction] === 'breaks') rates.missed += 1;
        expect(kind).toBe(pair[direction] === 'breaks' ? 'no' : 'yes');
      });

  it('have verdicts that are never wrong and always proven', () => {
    expect(rates).toEqual({ verdicts: 80, falseAlarms: 0, missed: 0, unproven: 0 });
  });

  it('are unproven if a pattern looks ahead', () => {
    const verdict = verdictOf({ old: { pattern: '^(?=.*a)(?=.*b)' }, new: { pattern: '^(?=.*b)(?=.*a)' } }, 'request');
    expect(reasonsOf(verdict)).toEqual(['pattern-syntax']);
  });

  it('break with a witness that is as small as it can be', () => {
    const item = { type: 'object', required: ['id', 'note'], properties: { id: { type: 'string' }, note: {} } };
    const old = { type: 'array', items: { ...item, required: ['id'] } };
    expect(verdictOf({ old, new: { type: 'array', items: item } }, 'request')).toEqual({
      kind: 'no',
      value: [{ id: '' }],
    });
  });

  it('break if an enum lists only the first of endlessly many numbers', () => {
    const old = { type: 'integer', minimum: 0, not: { multipleOf: 2 } };
    const enumerated = { enum: [1, 3, 5, 7, 9, 11, 13, 15, 17, 19] };
    expect(verdictOf({ old, new: enumerated }, 'request')).toEqual({ kind: 'no', value: 21 });
  });

  it('break if a required member that only a pattern describes is refused', () => {
    const map = (types: readonly string[]): JsonObject => ({
      type: 'object',
      required: ['x'],
      patternProperties: { '^x$': { type: types } },
      additionalProperties: false,
    });
    const verdict = verdictOf({ old: map(['string', 'integer']), new: map(['string']) }, 'request');
    expect(verdict).toEqual({ kind: 'no', value: { x: 0 } });
  });

  it('break if a multiple is refused that only is one as a decimal', () => {
    const old = { type: 'number', multipleOf: 0.01, minimum: 0.07, maximum: 0.07 };
    expect(verdictOf({ old, new: { type: 'string' } }, 'request')).toEqual({ kind: 'no', value: 0.07 });
  });

  it('break if a very small multiple is refused', () => {
    const old = { type: 'number', multipleOf: 1e-25, exclusiveMinimum: 0, maximum: 1e-20 };
    expect(verdictOf({ old, new: { type: 'number', minimum: 1e-24 } }, 'request')).toEqual({
      kind: 'no',
      value: 1e-25,
    });
  });
});

describe('hostile schemas get an answer', () => {
  const nested = (levels: number, wrap: (inner: JsonValue, level: number) => JsonValue): JsonValue => {
    let schema: JsonValue = { type: 'string' };
    for (let level = 0; level < levels; level += 1) schema = wrap(schema, level);
    return schema;
  };

  it('if a schema refers to itself for the same value', () => {
    const loop = { A: { allOf: [{ $ref: '#/components/schemas/A' }] } };
    const verdict = verdictOf(
      { old: { $ref: '#/components/schemas/A' }, new: { type: 'string' }, components: { old: loop, new: {} } },
      'request',
    );
    expect(verdict.kind).toBe('unknown');
  });

  it('if three schemas refer to each other', () => {
    const cycle = (extra: JsonObject): JsonObject => ({
      A: { type: 'object', properties: { b: { $ref: '#/components/schemas/B' } } },
      B: { type: 'object', properties: { c: { $ref: '#/components/schemas/C' } } },
      C: { type: 'object', properties: { a: { $ref: '#/components/schemas/A' } }, ...extra },
    });
    const ref = { $ref: '#/components/schemas/A' };
    const components = { old: cycle({}), new: cycle({ required: ['a'] }) };
    expect(verdictOf({ old: ref, new: ref, components }, 'request')).toEqual({ kind: 'no', value: { b: { c: {} } } });
    expect(verdictOf({ old: ref, new: ref, components }, 'response')).toEqual({ kind: 'yes' });
  });

  it('if a pattern has thirty thousand letters', () => {
    const pattern = 'a'.repeat(30_000);
    const verdict = verdictOf({ old: { pattern }, new: { pattern: `${pattern}b` } }, 'request');
    expect(reasonsOf(verdict)).toEqual(['pattern-too-large']);
  });

  it('if a pattern backtracks forever', () => {
    const verdict = verdictOf(
      { old: { type: 'string', pattern: '^(a+)+$', minLength: 40 }, new: { type: 'string', pattern: '^a*$' } },
      'request',
    );
    expect(verdict).toEqual({ kind: 'yes' });
  });

  it('if an enum has ten thousand members', () => {
    const members = Array.from({ length: 10_000 }, (_, index) => `value-${index}`);
    expect(verdictOf({ old: { enum: members }, new: { enum: [...members, 'one more'] } }, 'request').kind).toBe('yes');
    expect(verdictOf({ old: { enum: members }, new: { enum: [...members, 'one more'] } }, 'response')).toEqual({
      kind: 'no',
      value: 'one more',
    });
  });

  it('if two hundred oneOf are nested', () => {
    const tower = (extra: JsonObject): JsonValue =>
      nested(200, (inner, level) => ({
        oneOf: [inner, { type: 'object', required: [`n${level}`], properties: { a: { type: 'integer', ...extra } } }],
      }));
    expect(['no', 'unknown']).toContain(verdictOf({ old: tower({}), new: tower({ minimum: 0 }) }, 'request').kind);
  });

  it('if two hundred variants overlap', () => {
    const variants = (extra: JsonObject): JsonValue => ({
      oneOf: Array.from({ length: 200 }, (_, index) => ({ required: [`n${index}`], properties: { a: extra } })),
    });
    const verdict = verdictOf({ old: variants({}), new: variants({ type: 'string' }) }, 'request');
    expect(['no', 'unknown']).toContain(verdict.kind);
  });

  it('if schemas are nested five hundred levels deep', () => {
    const tower = (last: JsonValue): JsonValue => ({
      // cast: nested() of objects is an object
      ...(nested(500, (inner) => ({ type: 'object', required: ['x'], properties: { x: inner } })) as JsonObject),
      not: last,
    });
    expect(verdictOf({ old: tower(false), new: tower({ maxProperties: 0 }) }, 'request').kind).not.toBe('no');
  });
});
