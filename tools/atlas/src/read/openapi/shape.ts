import type { ParamPrimitive, ParamShape } from '@atlas/ir';
import type { Cursor } from '../../document/cursor.ts';
import { partsOf } from '../../jsonschema/walk.ts';
import { typesOf } from './schemas.ts';

const PRIMITIVES: readonly ParamPrimitive[] = ['string', 'integer', 'number', 'boolean'];

/** What a parameter's text is parsed into. Undefined if its schema does not say. */
export function shapeOf(schema: Cursor): ParamShape | undefined {
  const primitive = primitiveOf(schema);
  if (primitive) return primitive;
  const type = typeOf(schema);
  if (type === 'array') {
    const items = facet(schema, 'items');
    const item = items ? typeOf(items) : 'string';
    const kind = PRIMITIVES.find((name) => name === item);
    return kind && { kind: 'array', items: kind };
  }
  if (type !== 'object') return undefined;
  const properties: Record<string, ParamPrimitive> = {};
  for (const [name, property] of facet(schema, 'properties')?.entries() ?? []) {
    const kind = PRIMITIVES.find((candidate) => candidate === typeOf(property));
    if (!kind) return undefined;
    properties[name] = kind;
  }
  const further = furtherOf(schema, Object.keys(properties).length === 0);
  if (further === 'unknown') return undefined;
  return { kind: 'object', properties, ...(further === undefined ? {} : { additional: further }) };
}

/**
 * The type of members that `properties` does not name. Members of any type are text, as they arrive. An object with
 * declared members has others only if its schema says so. One without is a map.
 */
function furtherOf(schema: Cursor, isEmpty: boolean): ParamPrimitive | 'unknown' | undefined {
  if (facet(schema, 'patternProperties')) return 'unknown';
  const further = facet(schema, 'additionalProperties');
  if (!further) return isEmpty ? 'string' : undefined;
  if (further.boolean() === false) return undefined;
  if (further.boolean() === true || Object.keys(Object(further.value)).length === 0) return 'string';
  return primitiveOf(further)?.kind ?? 'unknown';
}

/** The same for a schema that must be a primitive. */
export function primitiveOf(schema: Cursor): { readonly kind: ParamPrimitive } | undefined {
  const type = typeOf(schema);
  const kind = PRIMITIVES.find((name) => name === type);
  return kind && { kind };
}

/** The only JSON type of a schema apart from null: from `type`, `const`, `enum` or `allOf`. */
function typeOf(schema: Cursor): string | undefined {
  for (const part of partsOf(schema)) {
    const types = new Set(part.get('type') ? typesOf(part) : typesOfValues(part));
    types.delete('null');
    if (types.size === 1) return [...types][0];
  }
  return undefined;
}

/** The types of the values in `const` or `enum`. */
function typesOfValues(schema: Cursor): readonly string[] {
  const constant = schema.get('const');
  const values = constant ? [constant] : (schema.get('enum')?.items() ?? []);
  return values.map(({ value }) => (value === null ? 'null' : typeof value));
}

/** The value of a keyword in a schema, or in the first part of its `allOf` that has the keyword. */
function facet(schema: Cursor, key: string): Cursor | undefined {
  for (const part of partsOf(schema)) {
    const found = part.get(key);
    if (found) return found;
  }
  return undefined;
}
