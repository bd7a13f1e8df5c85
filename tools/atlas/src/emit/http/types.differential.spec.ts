import type { JsonObject } from '@atlas/ir';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apiOf } from '../../../test/harness/compiledModule.ts';
import { openapiTypescript } from '../../../test/harness/openapiTypescript.ts';
import { schemaSets } from '../../../test/harness/randomSchemas.ts';
import { formatted } from '../format.ts';
import { eagerCircles } from './eagerCircles.ts';
import { typesModule } from './types.ts';

const choice = { oneOf: [{ $ref: '#/components/schemas/A' }, { $ref: '#/components/schemas/B' }] };
const object = { type: 'object', properties: { kind: { type: 'string', description: 'What it is.' } } };

describe('the types of schemas are those of openapi-typescript', () => {
  it('for random schemas', async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(schemaSets, async ({ schema, schemas }) => {
        const all = { ...schemas, Root: schema };
        if (eagerCircles(all).size === 0 && (await isSame(all))) compared++;
      }),
      { numRuns: 200 },
    );
    expect(compared).toBeGreaterThan(40);
  });

  it.each<[string, JsonObject]>([
    ['a choice', { Choice: { ...choice, discriminator: { propertyName: 'kind' } }, A: object, B: { type: 'object' } }],
    [
      'a choice with a mapping',
      {
        Choice: { ...choice, discriminator: { propertyName: 'kind', mapping: { a: '#/components/schemas/A' } } },
        A: object,
        B: { allOf: [object] },
      },
    ],
    [
      'a part that others have',
      {
        Base: { ...object, discriminator: { propertyName: 'kind', mapping: { a: '#/components/schemas/A' } } },
        A: { allOf: [{ $ref: '#/components/schemas/Base' }, { properties: { a: true } }] },
        B: { required: ['kind', 'b'], allOf: [{ $ref: '#/components/schemas/Base' }], properties: { b: false } },
        C: { allOf: [{ $ref: '#/components/schemas/B' }] },
      },
    ],
  ])('with a discriminator in %s', async (_, schemas) => {
    expect(await isSame(schemas)).toBe(true);
  });

  it.each<[string, JsonObject]>([
    ['text of several lines', { title: ' One\r\ntwo ', description: 'a */ b\n\n  c', default: 'x\ny' }],
    ['values', { description: '', example: { a: [1] }, examples: ['x', null, { b: 1 }], default: null }],
    ['marks', { deprecated: true, format: 'date', enum: ['a', null, -1], type: ['string', 'null'] }],
    ['a union of equal types', { allOf: [{ type: 'string' }, { oneOf: [{ type: 'string' }, { type: 'string' }] }] }],
    ['a constant', { const: { é: 1, 200: ['x', []], 'a-b': {} }, summary: 'Short.' }],
  ])('with %s to describe them', async (_, schema) => {
    expect(await isSame({ A: schema, B: { properties: { 'naïve "key"': schema } } })).toBe(true);
  });
});

/** False if openapi-typescript fails. Throws if the two differ. */
async function isSame(schemas: JsonObject): Promise<boolean> {
  const theirs = await openapiTypescript(schemas);
  if (theirs === undefined) return false;
  const expected = theirs
    .replaceAll('(enum property replaced by openapi-typescript)', `(only ${ADDED})`)
    .replaceAll('discriminator enum property added by openapi-typescript', ADDED);
  const [found, wanted] = await Promise.all(
    [typesModule(apiOf({}, schemas)), expected].map((text) => formatted('types.ts', text.replace(HELPER, ''))),
  );
  expect(found, JSON.stringify(schemas)).toBe(wanted);
  return true;
}

const ADDED = 'the values of the discriminator that stand for this schema';

/** Ours also accepts members of a type that may be null, or that no branch has. */
const HELPER = /^type WithRequired<[^]*?;\n(?:\};\n)?/m;
