import type { ParamPrimitive, ParamShape } from '@atlas/ir';
import type { Cursor } from '../../document/cursor.ts';

const PRIMITIVES: readonly ParamPrimitive[] = ['string', 'integer', 'number', 'boolean'];

/** What a parameter's text is parsed into, according to its schema; undefined where the schema does not say. */
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
  return { kind: 'object', properties };
}

/** The same where only a primitive is allowed. */
export function primitiveOf(schema: Cursor): { readonly kind: ParamPrimitive } | undefined {
  const type = typeOf(schema);
  const kind = PRIMITIVES.find((name) => name === type);
  return kind && { kind };
}

/** The only JSON type of a schema apart from null: from `type`, `const`, `enum` or `allOf`. */
function typeOf(schema: Cursor, depth = 0): string | undefined {
  const type = schema.get('type');
  if (type?.string() !== undefined) return type.string();
  const listed = (type?.items() ?? []).map((item) => item.string()).filter((name) => name !== 'null');
  if (type) return listed.length === 1 ? listed[0] : undefined;
  const constant = schema.get('const');
  const values = constant ? [constant] : (schema.get('enum')?.items() ?? []);
  const kinds = new Set(values.filter(({ value }) => value !== null).map(({ value }) => typeof value));
  if (kinds.size === 1) return [...kinds][0];
  if (depth > 5) return undefined;
  for (const part of schema.get('allOf')?.items() ?? []) {
    const found = typeOf(part, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A keyword of a schema, or of the first part of its `allOf` that has it. */
function facet(schema: Cursor, key: string, depth = 0): Cursor | undefined {
  const own = schema.get(key);
  if (own || depth > 5) return own;
  for (const part of schema.get('allOf')?.items() ?? []) {
    const found = facet(part, key, depth + 1);
    if (found) return found;
  }
  return undefined;
}
