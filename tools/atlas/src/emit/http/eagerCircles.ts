import { isObject, type JsonObject, type JsonValue } from '@atlas/ir';
import { refsIn } from '../../jsonschema/walk.ts';
import { compileOrder } from './compileOrder.ts';

/** TypeScript looks at the types of members only when it needs them, so circles through members are allowed. */
const LATER: ReadonlySet<string> = new Set(['properties', 'additionalProperties', 'patternProperties']);
const EAGER = { enter: (keyword: string): boolean => !LATER.has(keyword) };

/**
 * The components, as references, whose types TypeScript would resolve in a circle: `Tree: string | readonly Tree[]` is
 * an error in an interface. Within such a circle, a reference to one of them needs another type.
 */
export function eagerCircles(schemas: JsonObject): ReadonlySet<string> {
  const refOf = (name: string): string => `#/components/schemas/${name}`;
  const byRef = new Map(Object.entries(schemas).map(([name, schema]) => [refOf(name), schema]));
  return compileOrder(byRef.keys(), (ref) => refsIn(byRef.get(ref) ?? true, EAGER)).circular;
}

/** The schema without eager references to these components: such a reference allows any value. */
export function withoutEager(schema: JsonValue, refs: ReadonlySet<string>): JsonValue {
  if (Array.isArray(schema)) return schema.map((item: JsonValue) => withoutEager(item, refs));
  if (!isObject(schema)) return schema;
  const { $ref: ref, ...rest } = schema;
  if (typeof ref === 'string' && refs.has(ref)) return rest;
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      value === undefined || LATER.has(key) ? value : withoutEager(value, refs),
    ]),
  );
}
