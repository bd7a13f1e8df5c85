import type { ByteReader } from '../reader.ts';
import type { Schema } from '../schema/schema.ts';

/** Skips a value that the reader's schema does not have. */
export function skip(r: ByteReader, schema: Schema): void {
  if (takesNothing(schema)) return;
  switch (schema.type) {
    case 'null':
      return;
    case 'boolean':
      r.boolean();
      return;
    case 'int':
    case 'enum':
      r.int();
      return;
    case 'long':
      r.longNumber();
      return;
    case 'float':
      r.take(4);
      return;
    case 'double':
      r.take(8);
      return;
    case 'bytes':
    case 'string':
      r.take(r.longNumber());
      return;
    case 'fixed':
      r.take(schema.size);
      return;
    case 'record':
      r.enter();
      for (const field of schema.fields) skip(r, field.schema);
      r.leave();
      return;
    case 'array':
      for (let count = r.block(minBytes(schema.items)); count > 0; count = r.block(minBytes(schema.items)))
        for (; count > 0; count--) skip(r, schema.items);
      return;
    case 'map':
      for (let count = r.block(1); count > 0; count = r.block(1))
        for (; count > 0; count--) {
          r.take(r.longNumber());
          skip(r, schema.values);
        }
      return;
    case 'union': {
      const branch = schema.branches[r.branch(schema.branches.length)];
      if (branch) skip(r, branch);
    }
  }
}

const empty = new WeakMap<Schema, boolean>();

/**
 * True if no value of the type has bytes. The number of such records may double with each level of nesting, so no code
 * must walk through them.
 */
function takesNothing(schema: Schema): boolean {
  if (schema.type !== 'record') return schema.type === 'null' || (schema.type === 'fixed' && schema.size === 0);
  const found = empty.get(schema);
  if (found !== undefined) return found;
  empty.set(schema, false);
  const computed = schema.fields.every((field) => takesNothing(field.schema));
  empty.set(schema, computed);
  return computed;
}

const empties = new WeakMap<Schema, number>();

/** How many values that take no bytes a value has, outside lists, maps and unions, which take bytes themselves. */
export function emptyValues(schema: Schema): number {
  if (schema.type !== 'record') return takesNothing(schema) ? 1 : 0;
  const found = empties.get(schema);
  if (found !== undefined) return found;
  empties.set(schema, 0);
  const inside = schema.fields.reduce((sum, field) => sum + emptyValues(field.schema), 0);
  const computed = inside + (takesNothing(schema) ? 1 : 0);
  empties.set(schema, computed);
  return computed;
}

const known = new WeakMap<Schema, number>();

/** 1 if a value takes at least one byte, 0 if it may take none. */
export function minBytes(schema: Schema): number {
  const found = known.get(schema);
  if (found !== undefined) return found;
  known.set(schema, 0);
  const computed = compute(schema);
  known.set(schema, computed);
  return computed;
}

function compute(schema: Schema): number {
  switch (schema.type) {
    case 'null':
      return 0;
    case 'fixed':
      return Math.min(1, schema.size);
    case 'record':
      return schema.fields.some((field) => minBytes(field.schema) > 0) ? 1 : 0;
    default:
      return 1;
  }
}
