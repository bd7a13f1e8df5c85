import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isObject, mapObject, type PlainObject } from '../../jsonschema/plain.ts';

/**
 * The OpenAPI Initiative's JSON Schema for 3.1 with its Schema Objects spelled out: the official one leaves the dialect
 * open behind `$dynamicRef`. Here the JSON Schema 2020-12 vocabularies and OpenAPI's own stand in its place, which is
 * what the default dialect says, and compiles to far less code.
 */
export function openapi31Schema(): PlainObject {
  const file = fileURLToPath(import.meta.resolve('@seriousme/openapi-schema-validator'));
  const official = readJson(join(dirname(file), 'schemas/v3.1/schema.json'));
  const vocabularies = ['core', 'applicator', 'unevaluated', 'validation', 'meta-data', 'format-annotation', 'content'];
  const properties: PlainObject = {};
  const defs: PlainObject = {};
  for (const name of vocabularies) {
    const meta = readJson(createRequire(import.meta.url).resolve(`ajv/lib/refs/json-schema-2020-12/meta/${name}.json`));
    Object.assign(properties, meta['properties']);
    Object.assign(defs, meta['$defs']);
  }
  const schemaObject: PlainObject = {
    type: ['object', 'boolean'],
    properties: { ...properties, ...OAS_VOCABULARY },
    // JSON Schema lets any other keyword pass, so that `maxium` would mean nothing and nobody would notice.
    patternProperties: { '^x-': true },
    additionalProperties: false,
  };
  const officialDefs = official['$defs'];
  const merged = mapObject(
    {
      ...official,
      $defs: { ...(isObject(officialDefs) ? officialDefs : {}), ...defs, schema: schemaObject, ...OAS_DEFS },
    },
    (key, value) => (key === '$dynamicRef' && value === '#meta' ? ['$ref', '#/$defs/schema'] : [key, value]),
  );
  delete merged['$id'];
  return merged;
}

/** OpenAPI 3.1, section 4.8.24.2: what its base vocabulary adds to a schema. */
const OAS_VOCABULARY: PlainObject = {
  example: true,
  discriminator: { $ref: '#/$defs/discriminator' },
  externalDocs: { $ref: '#/$defs/external-documentation' },
  xml: { $ref: '#/$defs/xml' },
};

const OAS_DEFS: PlainObject = {
  discriminator: {
    type: 'object',
    required: ['propertyName'],
    properties: {
      propertyName: { type: 'string' },
      mapping: { type: 'object', additionalProperties: { type: 'string' } },
    },
    patternProperties: { '^x-': true },
    additionalProperties: false,
  },
  xml: {
    type: 'object',
    properties: {
      name: { type: 'string' },
      namespace: { type: 'string', format: 'uri' },
      prefix: { type: 'string' },
      attribute: { type: 'boolean' },
      wrapped: { type: 'boolean' },
    },
    patternProperties: { '^x-': true },
    additionalProperties: false,
  },
};

export function readJson(path: string): PlainObject {
  const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (!isObject(value)) throw new Error(`${path} holds no object`);
  return value;
}
