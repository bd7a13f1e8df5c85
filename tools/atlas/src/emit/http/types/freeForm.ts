import type { JsonObject } from '@atlas/ir';

/** Keywords that say something about the members of an object, or give a type of their own. */
const CONSTRAINING: readonly string[] = [
  '$ref',
  'additionalProperties',
  'allOf',
  'anyOf',
  'const',
  'enum',
  'oneOf',
  'patternProperties',
  'properties',
  'unevaluatedProperties',
];

/** Whether a schema is for objects with any members. */
export function isFreeForm(schema: JsonObject): boolean {
  const type = schema['type'];
  const isForObjects = type === 'object' || (Array.isArray(type) && type.includes('object'));
  return isForObjects && CONSTRAINING.every((key) => !Object.hasOwn(schema, key));
}
