import { readFileSync, writeFileSync } from 'node:fs';
import { isObject, type JsonObject, type JsonValue } from '@atlas/ir';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';
import formats from 'ajv-formats';
import { asyncapiSchema } from '../asyncapiSchema.ts';
import { withKnownKeys } from '../../../jsonschema/knownKeys.ts';
import { openapi31Schema } from '../openapiSchema.ts';

/**
 * Compiles the schemas of the standards and of our own files to modules, so that a run of atlas compiles none. After a
 * change of a schema, run `node tools/atlas/src/check/standards/compiled/compile.ts`. A test finds modules that are out
 * of date.
 */
export function compiledModules(): ReadonlyMap<string, string> {
  return new Map([
    ['openapi31.js', moduleOf(openapi31Schema(), Ajv2020)],
    ['asyncapi30.js', moduleOf(asyncapiSchema('3.0.0'), Ajv)],
    ['asyncapi31.js', moduleOf(asyncapiSchema('3.1.0'), Ajv)],
    ['../../../load/compiled/config.js', moduleOf(schemaIn('../../../load/atlas.config.schema.json'), Ajv2020)],
    [
      '../../../breaking/accepted/compiled/accepted.js',
      moduleOf(schemaIn('../../../breaking/accepted/accepted-breaks.schema.json'), Ajv2020),
    ],
  ]);
}

function schemaIn(file: string): JsonObject {
  const schema: JsonValue = JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'));
  if (!isObject(schema)) throw new Error(`${file} is not an object`);
  return schema;
}

function moduleOf(schema: JsonObject, Compiler: typeof Ajv | typeof Ajv2020): string {
  const ajv = new Compiler({
    allErrors: true,
    strict: false,
    inlineRefs: false,
    // Then errors contain the schema that they come from, with its known keys.
    verbose: true,
    code: { source: true, esm: true },
  });
  formats.default(ajv);
  ajv.addFormat('media-range', true);
  const body = standalone.default(ajv, ajv.compile(withKnownKeys(schema, Compiler === Ajv ? 'draft-07' : '2020-12')));
  return [
    '// Compiled by tools/atlas/src/check/standards/compiled/compile.ts. DO NOT EDIT.',
    "import { createRequire } from 'node:module';",
    'const require = createRequire(import.meta.url);',
    body.replace(/^"use strict";/, ''),
    '',
  ].join('\n');
}

if (import.meta.main) for (const [name, text] of compiledModules()) writeFileSync(new URL(name, import.meta.url), text);
