import { isRecord } from '@atlas/ir';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { keywordsOf, type Dialect } from './keywords.ts';

/** The official meta-schema of each keyword, by name. */
const META: Readonly<Record<Dialect, ReadonlyMap<string, unknown>>> = {
  '2020-12': new Map(
    ['core', 'applicator', 'unevaluated', 'validation', 'meta-data', 'format-annotation', 'content'].flatMap((name) =>
      propertiesOf(metaSchema(`ajv/lib/refs/json-schema-2020-12/meta/${name}.json`)),
    ),
  ),
  'draft-07': new Map(propertiesOf(metaSchema('ajv/lib/refs/json-schema-draft-07.json'))),
  'openapi-3.0': new Map(
    propertiesOf(
      member(metaSchema('@seriousme/openapi-schema-validator/schemas/v3.0/schema.json'), 'definitions', 'Schema'),
    ),
  ),
};

/** Keywords that are not in the meta-schemas: those of OpenAPI, of AsyncAPI and of older drafts. */
const BESIDE: Readonly<Record<Dialect, readonly string[]>> = {
  '2020-12': ['definitions', 'discriminator', 'example', 'externalDocs', 'xml'],
  'draft-07': ['contentEncoding', 'deprecated', 'discriminator', 'externalDocs', 'contentMediaType', 'writeOnly'],
  'openapi-3.0': ['$ref'],
};

describe.each(['2020-12', 'draft-07', 'openapi-3.0'] as const)('the table of keywords for %s', (dialect) => {
  const table = keywordsOf(dialect);

  it('has the keywords of the meta-schema and no others', () => {
    const named = new Set([...META[dialect].keys(), ...BESIDE[dialect]]);
    expect([...table.keys()].toSorted()).toEqual([...named].toSorted());
  });

  it('knows which keywords contain schemas, and how', () => {
    const held = (name: string): string | undefined => table.get(name)?.holds;
    for (const [name, meta] of META[dialect]) expect([name, held(name)]).toEqual([name, holdsOf(meta)]);
  });

  it('knows which keywords accept any value', () => {
    for (const [name, meta] of META[dialect])
      expect([name, table.get(name)?.data === true]).toEqual([name, isAnything(meta)]);
  });
});

function holdsOf(meta: unknown): string | undefined {
  const text = JSON.stringify(meta);
  if (isSchemaList(meta)) return 'list';
  const anyOf = member(meta, 'anyOf');
  if (Array.isArray(anyOf) && anyOf.some(isSchemaList)) return 'schema-or-list';
  if (!/"\$dynamicRef":"#meta"|"\$ref":"#"|"\$ref":"#\/definitions\/Schema"/.test(text)) return undefined;
  return member(meta, 'type') === 'object' ? 'map' : 'schema';
}

function isSchemaList(meta: unknown): boolean {
  const ref = member(meta, '$ref');
  if (typeof ref === 'string') return ref.endsWith('/schemaArray');
  return member(meta, 'type') === 'array' && JSON.stringify(member(meta, 'items')).includes('/Schema"');
}

function isAnything(meta: unknown): boolean {
  const free = (value: unknown): boolean => value === true || JSON.stringify(value) === '{}';
  return free(meta) || (member(meta, 'type') === 'array' && free(member(meta, 'items')));
}

function propertiesOf(meta: unknown): [string, unknown][] {
  const properties = member(meta, 'properties');
  return isRecord(properties) ? Object.entries(properties) : [];
}

function member(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>((found, key) => (isRecord(found) ? found[key] : undefined), value);
}

function metaSchema(name: string): unknown {
  const text = readFileSync(createRequire(import.meta.url).resolve(name), 'utf8');
  const value: unknown = JSON.parse(text);
  return value;
}
