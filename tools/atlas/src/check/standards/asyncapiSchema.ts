import { createRequire } from 'node:module';
import { isList, isObject, type JsonObject, type JsonValue } from '@atlas/ir';
import { rewriteSchemas } from '../../jsonschema/walk.ts';
import { readJson } from './openapiSchema.ts';

/**
 * The AsyncAPI Initiative's JSON Schema for a version, rewritten to compile to less code. It accepts any bindings of
 * protocols other than Kafka. In a choice between a reference and an object it looks for `$ref` first, and in a choice
 * of security schemes for `type`, so that errors are about the alternative that the author meant.
 */
export function asyncapiSchema(version: '3.0.0' | '3.1.0'): JsonObject {
  const { $id: _, ...schema } = readJson(
    createRequire(import.meta.url).resolve(`@asyncapi/specs/schemas/${version}-without-$id.json`),
  );
  const definitions = isObject(schema['definitions']) ? schema['definitions'] : {};
  const changed = Object.entries(definitions).map(([name, definition]): [string, JsonValue | undefined] => [
    name,
    name.endsWith('BindingsObject') && isObject(definition) ? onlyKafka(definition) : byType(definition, definitions),
  ]);
  // The loader judges references, and accepts the braces of addresses, which are not allowed in a URI.
  changed.push(['ReferenceObject', { type: 'string' }]);
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

/** `oneOf` of definitions with a `type` of their own becomes one `if` per type. Other schemas stay. */
function byType(definition: JsonValue | undefined, definitions: JsonObject): JsonValue | undefined {
  const leaves = isObject(definition) ? leavesOf(definition, definitions) : [];
  const types = new Map<string, JsonObject[]>();
  for (const leaf of leaves) {
    const values = enumOf('type', definitionOf(leaf, definitions));
    if (values.length === 0) return definition;
    for (const value of values) types.set(value, [...(types.get(value) ?? []), leaf]);
  }
  if (types.size < 2) return definition;
  return {
    type: 'object',
    required: ['type'],
    properties: { type: { type: 'string', enum: [...types.keys()] } },
    allOf: [...types].map(([type, group]) => ({
      if: { required: ['type'], properties: { type: { enum: [type] } } },
      then: byScheme(group, definitions),
    })),
  };
}

/** Among definitions with one `type`, such as http: the one with the written `scheme`, else one of the others. */
function byScheme(group: readonly JsonObject[], definitions: JsonObject): JsonObject {
  const named = group.find((leaf) => enumOf('scheme', definitionOf(leaf, definitions)).length > 0);
  const others = group.filter((leaf) => leaf !== named);
  const rest = others.length === 1 ? others[0] : { oneOf: others };
  if (!named) return rest ?? {};
  const schemes = enumOf('scheme', definitionOf(named, definitions));
  return others.length === 0
    ? named
    : { if: { required: ['scheme'], properties: { scheme: { enum: schemes } } }, then: named, else: rest };
}

/** The references of a `oneOf`, and those of definitions that only have a `oneOf` themselves. */
function leavesOf(definition: JsonObject, definitions: JsonObject): readonly JsonObject[] {
  const branches = definition['oneOf'];
  if (!isList(branches) || !branches.every(isObject)) return [];
  return branches.flatMap((branch) => {
    const inner = leavesOf(definitionOf(branch, definitions), definitions);
    return inner.length === 0 ? [branch] : inner;
  });
}

function definitionOf({ $ref: ref }: JsonObject, definitions: JsonObject): JsonObject {
  const target = typeof ref === 'string' ? definitions[ref.replace('#/definitions/', '')] : undefined;
  return isObject(target) ? target : {};
}

function enumOf(key: string, { properties }: JsonObject): readonly string[] {
  const member = isObject(properties) ? properties[key] : undefined;
  const values = isObject(member) ? member['enum'] : undefined;
  return isList(values) ? values.filter((value) => typeof value === 'string') : [];
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
