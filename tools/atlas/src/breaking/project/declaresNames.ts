import { isObject, type JsonObject, type JsonValue } from '@atlas/ir';
import { targetAt } from '../hashcons/targetAt.ts';
import { subschemas } from '../../jsonschema/walk.ts';

/** Keywords whose schemas are about the same value and may declare its names. */
const IN_PLACE: ReadonlySet<string> = new Set(['allOf', 'anyOf', 'oneOf', 'then', 'else', 'dependentSchemas']);

/**
 * Whether a schema, or anything in place beside it, declares properties. An object schema that declares none is a map
 * of anything, so every name is promised.
 */
export function declaresNames(document: JsonObject, schema: JsonValue): boolean {
  const seen = new Set<JsonValue>();
  const stack: JsonValue[] = [schema];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (!isObject(next) || seen.has(next)) continue;
    seen.add(next);
    if (isObject(next['properties']) && Object.keys(next['properties']).length > 0) return true;
    const ref = next['$ref'];
    if (typeof ref === 'string') stack.push(targetAt(document, ref) ?? true);
    stack.push(...subschemas(next).flatMap((inner) => (IN_PLACE.has(inner.keyword) ? [inner.schema] : [])));
  }
  return false;
}
