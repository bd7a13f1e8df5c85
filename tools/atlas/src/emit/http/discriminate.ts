import { isObject, type JsonObject, type JsonValue } from '@atlas/ir';
import { atRef } from '../../jsonschema/json.ts';

/**
 * Turns a choice by discriminator (OpenAPI 3.1, section 4.8.25) into one condition per branch, so that errors are about
 * the intended branch and not about all of them. It does so only if every branch fixes the property to its own values,
 * because only then the meaning stays the same. Other schemas are returned as they are.
 */
export function discriminate(document: JsonObject, schema: JsonObject): JsonObject {
  const { discriminator, oneOf, anyOf, ...rest } = schema;
  const branches = oneOf ?? anyOf;
  const property = isObject(discriminator) ? discriminator['propertyName'] : undefined;
  if (typeof property !== 'string' || !Array.isArray(branches) || (oneOf && anyOf) || rest['allOf']) return schema;
  const list: readonly JsonValue[] = branches;
  const values = list.map((branch) => fixedValues(document, branch, property));
  const all = values.flat();
  if (values.some((own) => own.length === 0) || new Set(all).size !== all.length) return schema;
  const choice = {
    type: 'object',
    required: [property],
    properties: { [property]: { enum: all } },
  };
  const conditions = list.map((branch, index) => ({
    if: { required: [property], properties: { [property]: { enum: values[index] ?? [] } } },
    then: branch,
  }));
  return { ...rest, allOf: [choice, ...conditions] };
}

/** Whether every branch of a choice fixes the property of its discriminator. */
export function fixesProperty(document: JsonObject, { discriminator, oneOf, anyOf }: JsonObject): boolean {
  const property = isObject(discriminator) ? discriminator['propertyName'] : undefined;
  const branches = oneOf ?? anyOf;
  if (typeof property !== 'string' || !Array.isArray(branches)) return false;
  return branches.every((branch: JsonValue) => fixedValues(document, branch, property).length > 0);
}

/** The texts that a branch fixes its property to. Empty if it fixes none or does not require the property. */
function fixedValues(document: JsonObject, branch: JsonValue, property: string): readonly string[] {
  const ref = isObject(branch) ? branch['$ref'] : undefined;
  const target = typeof ref === 'string' ? atRef(document, ref) : branch;
  if (!isObject(target) || !isObject(target['properties'])) return [];
  const required = target['required'];
  if (!Array.isArray(required) || !required.includes(property)) return [];
  const schema = target['properties'][property];
  if (!isObject(schema)) return [];
  const values: JsonValue = schema['const'] === undefined ? (schema['enum'] ?? []) : [schema['const']];
  return Array.isArray(values) && values.every((value: JsonValue) => typeof value === 'string') ? values : [];
}
