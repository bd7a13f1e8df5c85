import { isObject, isRecord, type JsonObject, type JsonValue } from '@atlas/ir';
import { atRef } from './json.ts';
import { keywordsOf, type Dialect } from './keywords.ts';
import { rewriteSchemas, subschemas } from './walk.ts';

/** The annotation with the known keys, in object schemas that refuse unknown ones. */
export const KNOWN_KEYS = 'x-known-keys';

/** The schema with that annotation, from which "did you mean" takes its candidates. */
export function withKnownKeys(root: JsonObject, dialect: Dialect): JsonObject {
  const annotated = rewriteSchemas(
    root,
    (schema) => {
      if (!isObject(schema)) return schema;
      const closed = schema['additionalProperties'] === false || schema['unevaluatedProperties'] === false;
      return closed ? { ...schema, [KNOWN_KEYS]: knownTo(root, schema, dialect) } : schema;
    },
    { dialect },
  );
  return isObject(annotated) ? annotated : root;
}

/** The known keys of the schema that an error comes from. */
export function knownKeysOf(parentSchema: unknown): readonly string[] {
  const keys = isRecord(parentSchema) ? parentSchema[KNOWN_KEYS] : undefined;
  return Array.isArray(keys) ? keys.map(String) : [];
}

/** The keys that a schema declares, and that its parts, branches and references declare for the same object. */
function knownTo(root: JsonObject, schema: JsonObject, dialect: Dialect): readonly string[] {
  const keys = new Set<string>();
  const seen = new Set<JsonValue>();
  const stack: JsonValue[] = [schema];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (!isObject(next) || seen.has(next)) continue;
    seen.add(next);
    if (isObject(next['properties'])) for (const key of Object.keys(next['properties'])) keys.add(key);
    const ref = next['$ref'];
    const target = typeof ref === 'string' && ref.startsWith('#/') ? atRef(root, ref) : undefined;
    const inside = subschemas(next, dialect).filter(({ keyword }) => isDemandOnSame(keyword, dialect));
    stack.push(...(target === undefined ? [] : [target]), ...inside.map((inner) => inner.schema).toReversed());
  }
  return [...keys];
}

function isDemandOnSame(keyword: string, dialect: Dialect): boolean {
  const known = keywordsOf(dialect).get(keyword);
  return known?.judges === 'value' && known.condition !== true;
}
