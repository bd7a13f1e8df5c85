import { isList, isObject, type JsonObject, type JsonValue } from '@atlas/ir';
import { leadingTo, mapSubschemas, refsIn, schemasIn } from '../../jsonschema/walk.ts';
import { INHERITED } from './inheritedNames.ts';

/** Keywords that say how a value is written. */
const WRITING: ReadonlySet<string> = new Set([
  '$ref',
  'additionalProperties',
  'allOf',
  'items',
  'properties',
  'required',
  'type',
]);

/** Keywords that make the way to write a value depend on the value. */
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

/** Texts of these formats have no characters that JSON escapes. */
const PLAIN_FORMATS: ReadonlySet<JsonValue | undefined> = new Set(['date', 'uuid']);

/** The parts of a schema are written with it. */
const PARTS = { enter: (keyword: string): boolean => keyword === 'allOf' };

/**
 * Reduces cleaned schemas to what decides how a valid value is written. `{}` means "as JSON.stringify does", which is
 * for schemas that depend on the value and for those without a type.
 */
export function textSchemas(shared: ReadonlyMap<string, JsonValue>): (schema: JsonValue) => JsonValue {
  const own = [...shared].flatMap(([name, schema]) => (isByValue(schema) ? [name] : []));
  const byValue = leadingTo(own, shared.keys(), (name) => refsIn(shared.get(name) ?? true, PARTS));
  const dependsOnValue = (schema: JsonObject): boolean =>
    isByValue(schema) || refsIn(schema, PARTS).some((ref) => byValue.has(ref));
  const reduced = (schema: JsonValue, isPart = false): JsonValue => {
    if (!isObject(schema)) return {};
    const ref = schema['$ref'];
    const reference = typeof ref === 'string' ? { $ref: `${ref}#` } : {};
    if (typeof ref === 'string' && Object.keys(schema).length === 1) return reference;
    if (dependsOnValue(schema) || (!isPart && isUntyped(schema))) return {};
    const kept = Object.fromEntries(Object.entries(schema).filter(([key]) => WRITING.has(key)));
    const { allOf, ...rest } = kept;
    return {
      ...mapSubschemas(rest, (inner) => reduced(inner)),
      // A valid value has no other members.
      ...(schema['additionalProperties'] === false ? { additionalProperties: false } : {}),
      ...(isList(allOf) ? { allOf: allOf.map((part) => reduced(part, true)) } : {}),
      ...reference,
      ...(isPlainText(schema) ? { format: 'unsafe' } : {}),
    };
  };
  return (schema) => reduced(schema);
}

/** Whether a schema or one of its parts makes the way to write a value depend on the value. */
function isByValue(schema: JsonValue): boolean {
  return [...schemasIn(schema, PARTS)].some(({ schema: part }) => {
    if (!isObject(part)) return part !== true;
    // The compiled code reads each named member, and every object inherits one with such a name.
    const names = isObject(part['properties']) ? Object.keys(part['properties']) : [];
    return BY_VALUE.some((key) => Object.hasOwn(part, key)) || names.some((name) => INHERITED.has(name));
  });
}

function isUntyped(schema: JsonObject): boolean {
  return schema['type'] === undefined && schema['allOf'] === undefined && schema['$ref'] === undefined;
}

function isPlainText(schema: JsonObject): boolean {
  return schema['type'] === 'string' && PLAIN_FORMATS.has(schema['format']);
}
