import { isObject, type PlainObject } from './plain.ts';

/** The annotation that an object schema which refuses unknown keys gets: the keys it knows. */
export const KNOWN_KEYS = 'x-known-keys';

/** The schema with that annotation in place; what "did you mean" chooses from. */
export function withKnownKeys(schema: PlainObject): PlainObject {
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (!isObject(value)) return value;
    const closed = value['additionalProperties'] === false || value['unevaluatedProperties'] === false;
    const copy = Object.fromEntries(Object.entries(value).map(([key, child]) => [key, walk(child)]));
    return closed ? { ...copy, [KNOWN_KEYS]: [...new Set(keysOf(schema, value, 0))] } : copy;
  };
  const annotated = walk(schema);
  return isObject(annotated) ? annotated : schema;
}

/** The keys that the schema of an error knows. */
export function knownKeysOf(parentSchema: unknown): readonly string[] {
  const keys = isObject(parentSchema) ? parentSchema[KNOWN_KEYS] : undefined;
  return Array.isArray(keys) ? keys.map(String) : [];
}

/** Keys of a schema and of what it includes. */
function keysOf(root: PlainObject, schema: unknown, depth: number): readonly string[] {
  if (!isObject(schema) || depth > 4) return [];
  const own = isObject(schema['properties']) ? Object.keys(schema['properties']) : [];
  const included = ['allOf', 'anyOf', 'oneOf'].flatMap((key) => (Array.isArray(schema[key]) ? schema[key] : []));
  const branches: unknown[] = [schema['then'], schema['else'], ...included, target(root, schema['$ref'])];
  if (isObject(schema['dependentSchemas'])) branches.push(...Object.values(schema['dependentSchemas']));
  return [...own, ...branches.flatMap((branch) => keysOf(root, branch, depth + 1))];
}

function target(root: PlainObject, ref: unknown): unknown {
  if (typeof ref !== 'string' || !ref.startsWith('#/')) return undefined;
  let value: unknown = root;
  for (const token of ref.slice(2).split('/')) value = isObject(value) ? value[decodeURIComponent(token)] : undefined;
  return value;
}
