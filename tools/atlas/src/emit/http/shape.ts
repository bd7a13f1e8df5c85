import { isObject, type JsonObject, type JsonValue } from '@atlas/ir';
import { INHERITED } from './inheritedNames.ts';
import { mapSubschemas } from '../../jsonschema/walk.ts';

const SHAPES: ReadonlySet<string> = new Set([
  '$ref',
  'additionalProperties',
  'allOf',
  'items',
  'properties',
  'required',
  'type',
]);

/** Keywords by which the text's shape hangs on the value. */
const BY_VALUE: readonly string[] = [
  'anyOf',
  'dependentSchemas',
  'if',
  'oneOf',
  'patternProperties',
  'prefixItems',
  'unevaluatedItems',
  'unevaluatedProperties',
];

/** Texts of these formats have no character that JSON escapes. */
const PLAIN_FORMATS: ReadonlySet<JsonValue | undefined> = new Set(['date', 'uuid']);

/**
 * Reduces cleaned schemas to what shapes a valid value's text. `{}` stands for "as JSON.stringify writes it": for what
 * hangs on the value, and for what has no type.
 */
export function shaper(shared: ReadonlyMap<string, JsonValue>): (schema: JsonValue) => JsonValue {
  /** `path` holds the references followed so far: a circle of parts adds nothing to itself. */
  const byValue = (schema: JsonValue | undefined, path: readonly string[]): boolean => {
    if (!isObject(schema)) return schema !== true;
    if (BY_VALUE.some((key) => key in schema)) return true;
    // the compiled code reads each named member, and every object has one of such a name
    if (isObject(schema['properties']) && Object.keys(schema['properties']).some((name) => INHERITED.has(name)))
      return true;
    const ref = schema['$ref'];
    if (typeof ref === 'string' && !path.includes(ref) && byValue(shared.get(ref), [...path, ref])) return true;
    const parts = schema['allOf'];
    return Array.isArray(parts) && parts.some((part: JsonValue) => byValue(part, path));
  };
  const shapeOf = (schema: JsonValue, isPart = false): JsonValue => {
    if (!isObject(schema)) return {};
    const ref = schema['$ref'];
    const alone = typeof ref === 'string' && Object.keys(schema).length === 1;
    if (alone) return { $ref: `${ref}#` };
    if (byValue(schema, []) || (!isPart && isUntyped(schema))) return {};
    const kept = Object.fromEntries(Object.entries(schema).filter(([key]) => SHAPES.has(key)));
    const { allOf, ...rest } = kept;
    const shape = mapSubschemas(rest, (inner) => shapeOf(inner));
    return {
      ...shape,
      // the answer is valid, so there are no others to look for
      ...(schema['additionalProperties'] === false ? { additionalProperties: false } : {}),
      ...(Array.isArray(allOf) ? { allOf: allOf.map((part: JsonValue) => shapeOf(part, true)) } : {}),
      ...(typeof ref === 'string' ? { $ref: `${ref}#` } : {}),
      ...(isPlainText(schema) ? { format: 'unsafe' } : {}),
    };
  };
  return (schema) => shapeOf(schema);
}

function isUntyped(schema: JsonObject): boolean {
  return schema['type'] === undefined && schema['allOf'] === undefined && schema['$ref'] === undefined;
}

function isPlainText(schema: JsonObject): boolean {
  return schema['type'] === 'string' && PLAIN_FORMATS.has(schema['format']);
}
