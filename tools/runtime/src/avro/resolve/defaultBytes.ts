import { AtlasError } from '../../contract/atlasError.ts';
import { isList, isObject } from '../../typeGuards.ts';
import type { Schema } from '../schema/schema.ts';
import { Writer } from '../writer.ts';

/** The encoded default of a field. It is used if the writer had no such field. */
export function defaultBytes(schema: Schema, value: unknown, path: string): Uint8Array {
  const w = new Writer(64);
  if (!put(w, schema, value, 0))
    throw new AtlasError(
      'ATLAS_AVRO_DECODE',
      `the schemas do not resolve: the default of ${path} does not fit its type`,
    );
  return w.copy();
}

const MAX_DEPTH = 64;

/** Writes the JSON of a default (Avro 1.12, "Complex Types", field `default`). False if it does not fit. */
function put(w: Writer, schema: Schema, value: unknown, depth: number): boolean {
  if (depth > MAX_DEPTH) return false;
  switch (schema.type) {
    case 'null':
      return value === null;
    case 'boolean':
      return typeof value === 'boolean' && done(w.boolean(value));
    case 'int':
      return isWhole(value) && (value | 0) === value && done(w.int(value));
    case 'long':
      return isWhole(value) && done(w.longNumber(value));
    case 'float':
      return typeof value === 'number' && done(w.float(value));
    case 'double':
      return typeof value === 'number' && done(w.double(value));
    case 'string':
      return typeof value === 'string' && done(w.string(value));
    case 'bytes':
      return isBytes(value) && done(w.bytes(Buffer.from(value, 'latin1')));
    case 'fixed':
      return isBytes(value) && value.length === schema.size && done(w.raw(Buffer.from(value, 'latin1')));
    case 'enum':
      return typeof value === 'string' && schema.symbols.includes(value) && done(w.enum(value, schema.symbols));
    case 'array':
      return isList(value) && list(w, value.length, (index) => put(w, schema.items, value[index], depth + 1));
    case 'map': {
      if (!isObject(value) || isList(value)) return false;
      const entries = Object.entries(value);
      return list(w, entries.length, (index) => {
        const [key = '', item] = entries[index] ?? [];
        w.string(key);
        return put(w, schema.values, item, depth + 1);
      });
    }
    case 'record':
      return (
        isObject(value) &&
        !isList(value) &&
        schema.fields.every((field) => {
          const given = Object.hasOwn(value, field.name) ? { value: value[field.name] } : field.default;
          return given !== undefined && put(w, field.schema, given.value, depth + 1);
        })
      );
    case 'union': {
      const start = w.pos;
      return schema.branches.some((branch, index) => {
        w.pos = start;
        w.branch(index);
        return put(w, branch, value, depth + 1);
      });
    }
  }
}

function list(w: Writer, length: number, item: (index: number) => boolean): boolean {
  if (length > 0) w.longNumber(length);
  for (let index = 0; index < length; index++) if (!item(index)) return false;
  return done(w.int(0));
}

function done(_: void): true {
  return true;
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function isBytes(value: unknown): value is string {
  return typeof value === 'string' && !/[^\0-\xff]/.test(value);
}
