import { isObject, type JsonObject, type JsonValue } from '@atlas/ir';
import { mapSubschemas } from '../../jsonschema/walk.ts';
import { INHERITED } from './inheritedNames.ts';

/** Keywords that say how a value is written. */
const WRITING: ReadonlySet<string> = new Set(['additionalProperties', 'items', 'properties', 'required', 'type']);

/** Keywords that make the way to write a value depend on the value or on several schemas. */
const BY_VALUE: readonly string[] = [
  '$ref',
  'allOf',
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

/**
 * Reduces a cleaned schema to what decides how a valid value is written. `{}` means "as JSON.stringify does". It is for
 * schemas that do not describe the whole value, because they have no type, or have further members, parts or a choice.
 * Code that is compiled from such a schema would leave out members that the validator has accepted.
 */
export function textSchema(schema: JsonValue): JsonValue {
  if (!isObject(schema)) return {};
  const ref = schema['$ref'];
  if (typeof ref === 'string' && Object.keys(schema).length === 1) return { $ref: `${ref}#` };
  const types = typesOf(schema);
  if (types.length === 0 || BY_VALUE.some((key) => Object.hasOwn(schema, key))) return {};
  // The compiled code tries the types in their order, and writes an empty list as the text that it converts to.
  if (types.filter((type) => type !== 'null').length > 1) return {};
  if (types.includes('object') && !isComplete(schema)) return {};
  const kept = Object.fromEntries(Object.entries(schema).filter(([key]) => WRITING.has(key)));
  const reduced: JsonObject = {
    ...mapSubschemas(kept, textSchema),
    // A valid value has no other members.
    ...(schema['additionalProperties'] === false ? { additionalProperties: false } : {}),
    ...(schema['type'] === 'string' && PLAIN_FORMATS.has(schema['format']) ? { format: 'unsafe' } : {}),
  };
  // JSON.stringify also writes items and further members of any kind, because only it decides what it writes for
  // undefined.
  if (types.includes('array') && isAny(reduced['items'])) return {};
  return types.includes('object') && isAny(reduced['additionalProperties']) ? {} : reduced;
}

function typesOf(schema: JsonObject): readonly JsonValue[] {
  const type = schema['type'];
  if (Array.isArray(type)) return type;
  return type === undefined ? [] : [type];
}

/** Whether a schema describes all members of an object. */
function isComplete({ properties, additionalProperties }: JsonObject): boolean {
  if (additionalProperties !== false && !isObject(additionalProperties)) return false;
  // The compiled code reads each declared member, and every object inherits a member with such a name.
  return !isObject(properties) || !Object.keys(properties).some((name) => INHERITED.has(name));
}

function isAny(schema: JsonValue | undefined): boolean {
  return schema === undefined || (isObject(schema) && Object.keys(schema).length === 0);
}
