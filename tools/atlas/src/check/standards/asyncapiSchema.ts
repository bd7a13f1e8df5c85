import { createRequire } from 'node:module';
import { readJson } from './openapiSchema.ts';
import { isObject, type PlainObject } from '../../jsonschema/plain.ts';

/**
 * The AsyncAPI Initiative's JSON Schema for 3.0, the same meaning in less code: bindings of other protocols than Kafka
 * are taken as they come, and "a reference or a thing" asks for `$ref` first, so that an error speaks of the thing.
 */
export function asyncapi30Schema(): PlainObject {
  const schema = readJson(createRequire(import.meta.url).resolve('@asyncapi/specs/schemas/3.0.0-without-$id.json'));
  delete schema['$id'];
  const definitions = isObject(schema['definitions']) ? schema['definitions'] : {};
  for (const [name, definition] of Object.entries(definitions))
    if (name.endsWith('BindingsObject') && isObject(definition)) onlyKafka(definition);
  const rewritten = rewrite(schema);
  return isObject(rewritten) ? withoutUnused(rewritten) : schema;
}

function onlyKafka(definition: PlainObject): void {
  if (!isObject(definition['properties'])) return;
  for (const protocol of Object.keys(definition['properties']))
    if (protocol !== 'kafka') definition['properties'][protocol] = true;
}

/** `oneOf: [Reference, X]` becomes `if $ref then Reference else X`. */
function rewrite(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rewrite);
  if (!isObject(value)) return value;
  const { oneOf, ...rest } = value;
  if (Array.isArray(oneOf) && oneOf.length === 2) {
    const reference = oneOf.find(isReference);
    const other: unknown = oneOf.find((branch) => branch !== reference);
    if (reference !== undefined) return { ...rest, if: { required: ['$ref'] }, then: reference, else: rewrite(other) };
  }
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, rewrite(child)]));
}

function isReference(value: unknown): boolean {
  return isObject(value) && value['$ref'] === '#/definitions/Reference';
}

/** Drops the definitions that nothing reaches any more. */
function withoutUnused(schema: PlainObject): PlainObject {
  const { definitions, ...root } = schema;
  if (!isObject(definitions)) return schema;
  const kept: PlainObject = {};
  const queue = refsIn(root);
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    const key = name.split('/')[0] ?? '';
    if (Object.hasOwn(kept, key)) continue;
    kept[key] = definitions[key];
    queue.push(...refsIn(definitions[key]));
  }
  return { ...root, definitions: kept };
}

function refsIn(value: unknown): string[] {
  const text = JSON.stringify(value) ?? '';
  return [...text.matchAll(/"\$ref":"#\/definitions\/([^"]*)"/g)].flatMap(([, name]) => name ?? []);
}
