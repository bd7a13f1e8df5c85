import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isObject, type JsonObject, type JsonValue } from '@atlas/ir';
import { rewriteSchemas } from '../../jsonschema/walk.ts';

/**
 * The OpenAPI Initiative's JSON Schema for 3.1. The official one leaves the dialect of Schema Objects open with
 * `$dynamicRef`. Here it is the default dialect: JSON Schema 2020-12 and OpenAPI's own vocabulary. That compiles to far
 * less code.
 */
export function openapi31Schema(): JsonObject {
  const file = fileURLToPath(import.meta.resolve('@seriousme/openapi-schema-validator'));
  const { $id: _, ...official } = readJson(join(dirname(file), 'schemas/v3.1/schema.json'));
  const vocabularies = ['core', 'applicator', 'unevaluated', 'validation', 'meta-data', 'format-annotation', 'content'];
  const metas = vocabularies.map((name) =>
    readJson(createRequire(import.meta.url).resolve(`ajv/lib/refs/json-schema-2020-12/meta/${name}.json`)),
  );
  const merged = (key: string): JsonObject => Object.assign({}, ...metas.map((meta) => meta[key]));
  const schemaObject: JsonObject = {
    type: ['object', 'boolean'],
    properties: { ...merged('properties'), ...OAS_VOCABULARY },
  };
  const officialDefs = official['$defs'];
  const whole = {
    ...official,
    $defs: { ...(isObject(officialDefs) ? officialDefs : {}), ...merged('$defs'), schema: schemaObject, ...OAS_DEFS },
  };
  const rewritten = rewriteSchemas(whole, staticRef);
  return isObject(rewritten) ? rewritten : whole;
}

/** `$dynamicRef: '#meta'` refers to the Schema Object. */
function staticRef(schema: JsonValue): JsonValue {
  if (!isObject(schema) || schema['$dynamicRef'] !== '#meta') return schema;
  const members = Object.entries(schema).map(([key, value]) =>
    key === '$dynamicRef' ? ['$ref', '#/$defs/schema'] : [key, value],
  );
  return Object.fromEntries(members);
}

/** OpenAPI's base vocabulary (3.1, section 4.8.24.2). */
const OAS_VOCABULARY: JsonObject = {
  example: true,
  discriminator: { $ref: '#/$defs/discriminator' },
  externalDocs: { $ref: '#/$defs/external-documentation' },
  xml: { $ref: '#/$defs/xml' },
};

const OAS_DEFS: JsonObject = {
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

export function readJson(path: string): JsonObject {
  const value: JsonValue = JSON.parse(readFileSync(path, 'utf8'));
  if (!isObject(value)) throw new Error(`${path} does not contain an object`);
  return value;
}
