import { isObject, type JsonObject, type JsonValue } from '@atlas/ir';
import { describe, expect, it } from 'vitest';
import { specFolder } from '../../test/support/specFolder.ts';
import { mapSubschemas, reachedRefs, rewriteSchemas, schemasAt, schemasIn } from './walk.ts';

const pointers = (...args: Parameters<typeof schemasIn>): readonly string[] =>
  [...schemasIn(...args)].map(({ pointer }) => pointer);

const marked = (schema: JsonValue): JsonValue => (isObject(schema) ? { ...schema, seen: true } : schema);

/** A schema of a hundred thousand levels, which would overflow the call stack. */
function tower(): JsonObject {
  let schema: JsonObject = { type: 'string' };
  for (let level = 0; level < 100_000; level++) schema = { items: schema };
  return schema;
}

describe('schemasIn', () => {
  it('finds the schemas inside a schema in document order, and none in data', () => {
    const schema = {
      properties: { 'a/b': { items: true }, default: { type: 'string' } },
      default: { properties: { x: {} } },
      enum: [{ not: {} }],
      allOf: [{ if: {} }, { $defs: { items: {} } }],
      'x-note': { items: {} },
    };
    expect(pointers(schema, { pointer: '/s' })).toEqual([
      '/s',
      '/s/properties/a~1b',
      '/s/properties/a~1b/items',
      '/s/properties/default',
      '/s/allOf/0',
      '/s/allOf/0/if',
      '/s/allOf/1',
      '/s/allOf/1/$defs/items',
    ]);
  });

  it('reads each dialect by its own keywords', () => {
    const schema = { items: [{}], dependencies: { a: ['b'], c: {} }, prefixItems: [{}], additionalProperties: {} };
    expect(pointers(schema, { dialect: 'draft-07' })).toEqual([
      '',
      '/items/0',
      '/dependencies/c',
      '/additionalProperties',
    ]);
    expect(pointers(schema)).toEqual(['', '/prefixItems/0', '/additionalProperties']);
    expect(pointers(schema, { dialect: 'openapi-3.0' })).toEqual(['', '/additionalProperties']);
  });

  it('ignores keys beside a $ref if the dialect does', () => {
    const schema = { $ref: '#/x', items: {} };
    expect(pointers(schema)).toEqual(['', '/items']);
    expect(pointers(schema, { dialect: 'openapi-3.0' })).toEqual(['']);
  });

  it('reaches the end of a schema that is deeper than the call stack', () => {
    expect(pointers(tower())).toHaveLength(100_001);
  });
});

describe('mapSubschemas', () => {
  it('changes the schemas directly inside a schema and nothing else', () => {
    const schema = { properties: { a: { items: {} } }, anyOf: [true, {}], default: { items: {} } };
    expect(mapSubschemas(schema, marked)).toEqual({
      properties: { a: { items: {}, seen: true } },
      anyOf: [true, { seen: true }],
      default: { items: {} },
    });
  });

  it('returns the same object if nothing changes', () => {
    const schema = { properties: { a: {} }, not: {} };
    expect(mapSubschemas(schema, (inner) => inner)).toBe(schema);
  });
});

describe('rewriteSchemas', () => {
  it('changes inner schemas before the schemas around them', () => {
    const order: JsonValue[] = [];
    rewriteSchemas(
      { title: 'a', properties: { x: { title: 'b', not: { title: 'c' } }, y: { title: 'd' } } },
      (schema) => {
        order.push(isObject(schema) ? (schema['title'] ?? null) : null);
        return schema;
      },
    );
    expect(order).toEqual(['c', 'b', 'd', 'a']);
  });

  it('changes a shared schema once and keeps it shared', () => {
    const shared = { type: 'string' };
    let changes = 0;
    const result = rewriteSchemas({ anyOf: [shared, { items: shared }], items: shared }, (schema) => {
      changes += 1;
      return marked(schema);
    });
    expect(changes).toBe(3);
    expect(result).toEqual({
      anyOf: [marked(shared), marked({ items: marked(shared) })],
      items: marked(shared),
      seen: true,
    });
  });

  it('reaches the end of a schema that is deeper than the call stack', () => {
    let schemas = 0;
    rewriteSchemas(tower(), (schema) => {
      schemas += 1;
      return schema;
    });
    expect(schemas).toBe(100_001);
  });
});

describe('reachedRefs', () => {
  const reached = (schema: JsonValue, targets: JsonObject): readonly string[] => [
    ...reachedRefs(schema, (ref) => targets[ref] ?? true, new Set()),
  ];

  it('finds each reference once, depth first, and ends in circles', () => {
    const targets = {
      a: { allOf: [{ $ref: 'b' }], $ref: 'c' },
      b: { items: { $ref: 'a' } },
      c: { not: { $ref: 'b' }, default: { $ref: 'never' } },
    };
    expect(reached({ anyOf: [{ $ref: 'a' }, { $ref: 'd' }], $ref: 'e' }, targets)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('reaches the end of a chain that is longer than the call stack', () => {
    const links = Array.from({ length: 50_000 }, (_, index) => [`${index}`, { items: { $ref: `${index + 1}` } }]);
    expect(reached({ $ref: '0' }, Object.fromEntries(links))).toHaveLength(50_001);
  });
});

describe('schemasAt', () => {
  it('follows references across files and finds each schema once', async () => {
    await using folder = await specFolder({
      'atlas.config.yaml': 'version: 1\nservices: { bookings: { openapi: api.yaml } }\n',
      'api.yaml':
        "components:\n  schemas:\n    Seat: { properties: { next: { $ref: '#/components/schemas/Seat' }, row: { $ref: 'row.yaml' } } }\n",
      'row.yaml': "items: { $ref: 'api.yaml#/components/schemas/Seat' }\nprefixItems: [{ type: string }]\n",
    });
    const { documents } = await folder.workspace();
    const root = documents.get('api.yaml')?.at('components', 'schemas', 'Seat');
    const found = root ? [...schemasAt(root)].map(({ file, pointer }) => `${file}#${pointer}`) : [];
    expect(found).toEqual(['api.yaml#/components/schemas/Seat', 'row.yaml#', 'row.yaml#/prefixItems/0']);
  });
});
