import { AtlasError } from '../../contract/atlasError.ts';
import { isList, isObject } from '../../typeGuards.ts';
import { limits } from '../limits.ts';
import type { RecordSchema, Schema } from '../schema/schema.ts';
import { Writer } from '../writer.ts';

/** The encoded default of a field. It is used if the writer had no such field. */
export function defaultBytes(schema: Schema, value: unknown, path: string): Uint8Array {
  const w = new Writer(64);
  if (!new DefaultWriter(w).put(schema, value))
    throw new AtlasError(
      'ATLAS_AVRO_DECODE',
      `the schemas do not resolve: the default of ${path} does not fit its type`,
    );
  return w.copy();
}

/** Writes the JSON of one default (Avro 1.12, "Complex Types", field `default`). */
class DefaultWriter {
  readonly #w: Writer;
  readonly #around: { readonly schema: Schema; readonly value: unknown }[] = [];
  #values = 0;

  constructor(w: Writer) {
    this.#w = w;
  }

  /** False if the value does not fit. */
  put(schema: Schema, value: unknown): boolean {
    if (++this.#values > limits.defaultValues) return false;
    const w = this.#w;
    switch (schema.type) {
      case 'null':
        return value === null;
      case 'boolean':
        return typeof value === 'boolean' && done(w.boolean(value));
      case 'int':
        return isWhole(value) && (value | 0) === value && done(w.int(value));
      case 'long':
        return isWhole(value) ? done(w.longNumber(value)) : isBig(value) && done(w.long(value));
      case 'float':
        return isNumber(value) && done(w.float(Number(value)));
      case 'double':
        return isNumber(value) && done(w.double(Number(value)));
      case 'string':
        return typeof value === 'string' && done(w.string(value));
      case 'bytes':
        return isBytes(value) && done(w.bytes(Buffer.from(value, 'latin1')));
      case 'fixed':
        return isBytes(value) && value.length === schema.size && done(w.raw(Buffer.from(value, 'latin1')));
      case 'enum':
        return typeof value === 'string' && schema.symbols.includes(value) && done(w.enum(value, schema.symbols));
      case 'array':
        return isList(value) && list(w, value.length, (index) => this.put(schema.items, value[index]));
      case 'map': {
        if (!isObject(value) || isList(value)) return false;
        const entries = Object.entries(value);
        return list(w, entries.length, (index) => {
          const [key = '', item] = entries[index] ?? [];
          w.string(key);
          return this.put(schema.values, item);
        });
      }
      case 'record':
        return isObject(value) && !isList(value) && this.#record(schema, value);
      case 'union': {
        const start = w.pos;
        return schema.branches.some((branch, index) => {
          w.pos = start;
          w.branch(index);
          return this.put(branch, value);
        });
      }
    }
  }

  #record(record: RecordSchema, value: { readonly [key: string]: unknown }): boolean {
    // A record whose default contains itself never ends, so it does not fit the branch for which it is tried.
    if (this.#around.some(({ schema, value: other }) => schema === record && other === value)) return false;
    this.#around.push({ schema: record, value });
    const fits = record.fields.every((field) => {
      const given = Object.hasOwn(value, field.name) ? { value: value[field.name] } : field.default;
      return given !== undefined && this.put(field.schema, given.value);
    });
    this.#around.pop();
    return fits;
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

function isBig(value: unknown): value is bigint {
  return typeof value === 'bigint' && BigInt.asIntN(64, value) === value;
}

/** A float or double may have any number, and takes the nearest one. */
function isNumber(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

function isBytes(value: unknown): value is string {
  return typeof value === 'string' && !/[^\0-\xff]/.test(value);
}
