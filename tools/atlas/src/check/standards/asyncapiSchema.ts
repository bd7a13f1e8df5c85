import { createRequire } from 'node:module';
import { isList, isObject, type JsonObject, type JsonValue } from '@atlas/ir';
import { rewriteSchemas } from '../../jsonschema/walk.ts';
import { readJson } from './openapiSchema.ts';

/**
 * The AsyncAPI Initiative's JSON Schema for a version, rewritten to compile to less code. It accepts any bindings of
 * protocols other than Kafka. In a choice between a reference and an object it looks for `$ref` first, so that errors
 * are about the object.
 */
export function asyncapiSchema(version: '3.0.0' | '3.1.0'): JsonObject {
  const { $id: _, ...schema } = readJson(
    createRequire(import.meta.url).resolve(`@asyncapi/specs/schemas/${version}-without-$id.json`),
  );
  const definitions = isObject(schema['definitions']) ? schema['definitions'] : {};
  const changed = Object.entries(definitions).map(([name, definition]): [string, JsonValue | undefined] => [
    name,
    name.endsWith('BindingsObject') && isObject(definition) ? onlyKafka(definition) : definition,
  ]);
  const rewritten = rewriteSchemas({ ...schema, definitions: Object.fromEntries(changed) }, referenceFirst, {
    dialect: 'draft-07',
  });
  return isObject(rewritten) ? withoutUnused(rewritten) : schema;
}

function onlyKafka(definition: JsonObject): JsonObject {
  const protocols = definition['properties'];
  if (!isObject(protocols)) return definition;
  const properties = Object.entries(protocols).map(([name, schema]) => [name, name === 'kafka' ? schema : true]);
  return { ...definition, properties: Object.fromEntries(properties) };
}

/** `oneOf: [Reference, X]` becomes `if $ref then Reference else X`. */
function referenceFirst(schema: JsonValue): JsonValue {
  if (!isObject(schema)) return schema;
  const { oneOf, ...rest } = schema;
  if (!isList(oneOf) || oneOf.length !== 2) return schema;
  const reference = oneOf.find(isReference);
  const other = oneOf.find((branch) => branch !== reference);
  if (reference === undefined || other === undefined) return schema;
  return { ...rest, if: { required: ['$ref'] }, then: reference, else: other };
}

function isReference(value: JsonValue): boolean {
  return isObject(value) && value['$ref'] === '#/definitions/Reference';
}

/** Removes the definitions that nothing refers to any more. */
function withoutUnused(schema: JsonObject): JsonObject {
  const { definitions, ...root } = schema;
  if (!isObject(definitions)) return schema;
  const kept: Record<string, JsonValue | undefined> = {};
  const queue = refsIn(root);
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    const key = name.split('/')[0] ?? '';
    if (Object.hasOwn(kept, key)) continue;
    kept[key] = definitions[key];
    queue.push(...refsIn(definitions[key]));
  }
  return { ...root, definitions: kept };
}

function refsIn(value: JsonValue | undefined): string[] {
  const text = JSON.stringify(value) ?? '';
  return [...text.matchAll(/"\$ref":"#\/definitions\/([^"]*)"/g)].flatMap(([, name]) => name ?? []);
}
