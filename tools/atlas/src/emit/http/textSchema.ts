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

/** Keywords by which the way to write a value depends on the value. */
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

/** Parts and references: what decides for them decides for the schema. */
const PARTS = { enter: (keyword: string): boolean => keyword === 'allOf' };

/**
 * Reduces cleaned schemas to what decides how a valid value is written. `{}` means "as JSON.stringify does": for what
 * depends on the value, and for what has no type.
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
      // the answer is valid, so there are no others to look for
      ...(schema['additionalProperties'] === false ? { additionalProperties: false } : {}),
      ...(isList(allOf) ? { allOf: allOf.map((part) => reduced(part, true)) } : {}),
      ...reference,
      ...(isPlainText(schema) ? { format: 'unsafe' } : {}),
    };
  };
  return (schema) => reduced(schema);
}

/** Whether the schema itself, or a part of it, makes the way to write a value depend on the value. */
function isByValue(schema: JsonValue): boolean {
  return [...schemasIn(schema, PARTS)].some(({ schema: part }) => {
    if (!isObject(part)) return part !== true;
    // the compiled code reads each named member, and every object has one of such a name
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
