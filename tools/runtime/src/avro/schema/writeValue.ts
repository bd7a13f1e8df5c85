import { isList, isObject } from '../../typeGuards.ts';
import { misfit, Misfit } from '../misfit.ts';
import type { Writer } from '../writer.ts';
import {
  tagOf,
  type Schema,
  type UnionSchema,
  type EnumSchema,
  type FixedSchema,
  type PrimitiveSchema,
} from './schema.ts';

/** A value that does not fit, with its path: `.seats[2].row`. */
export class MisfitAt extends Error {
  readonly path: string;
  constructor(path: string, message: string) {
    super(message);
    this.path = path;
  }
}

/**
 * Writes a value along its schema, with the same bytes as a compiled codec; a test compares them. It is slower, but
 * knows the path of each value. Throws `MisfitAt`.
 */
export function writeValue(w: Writer, schema: Schema, value: unknown, path = ''): void {
  try {
    step(w, schema, value, path);
  } catch (error) {
    if (error instanceof Misfit) throw new MisfitAt(path, error.message);
    throw error;
  }
}

function step(w: Writer, schema: Schema, value: unknown, path: string): void {
  switch (schema.type) {
    case 'record': {
      if (!isObject(value)) return misfit(value, 'an object');
      w.enter();
      for (const field of schema.fields) writeValue(w, field.schema, value[field.name], `${path}.${field.name}`);
      return w.leave();
    }
    case 'array': {
      if (!isList(value)) return misfit(value, 'a list');
      return w.array([...value.keys()], (_, index) => writeValue(w, schema.items, value[index], `${path}[${index}]`));
    }
    case 'map': {
      if (!isObject(value) || isList(value)) return misfit(value, 'an object');
      const keys = Object.fromEntries(Object.keys(value).map((key) => [key, key]));
      return w.map(keys, (_, key) => writeValue(w, schema.values, value[key], `${path}[${JSON.stringify(key)}]`));
    }
    case 'union':
      return union(w, schema, value, path);
    default:
      return writeLeaf(w, schema, value);
  }
}

function union(w: Writer, { branches }: UnionSchema, value: unknown, path: string): void {
  const kinds = branches.map(kindOf);
  const tagged = new Set(kinds).size < kinds.length;
  const kind = kindOfValue(value);
  if (!tagged || kind === 'null') {
    const index = kinds.indexOf(kind);
    const branch = branches[index];
    // if the other branch is null, the error of this branch is the most helpful
    const other =
      kinds.length === 2 && kinds.includes('null') ? branches.find(({ type }) => type !== 'null') : undefined;
    if (!branch) return other ? writeValue(w, other, value, path) : w.noBranch(value);
    w.branch(index);
    return writeValue(w, branch, value, path);
  }
  if (!isObject(value)) return misfit(value, '{ type, value }');
  const index = branches.findIndex((branch) => branch.type !== 'null' && tagOf(branch) === value['type']);
  const branch = branches[index];
  if (!branch) return misfit(value['type'], `one of ${branches.map(tagOf).join(', ')}`);
  w.branch(index);
  writeValue(w, branch, value['value'], `${path}.value`);
}

/** The kind of a type's values in JavaScript. Generated types follow the same table. */
function kindOf(schema: Schema): string {
  const logical = 'logical' in schema ? schema.logical?.name : undefined;
  switch (schema.type) {
    case 'int':
      return logical === 'date' ? 'string' : 'number';
    case 'float':
    case 'double':
      return 'number';
    case 'long':
      return logical === 'timestamp-millis' ? 'Date' : 'bigint';
    case 'enum':
      return 'string';
    case 'bytes':
    case 'fixed':
      return logical === undefined ? 'bytes' : 'string';
    case 'array':
      return 'list';
    case 'record':
    case 'map':
      return 'object';
    default:
      return schema.type;
  }
}

function kindOfValue(value: unknown): string {
  if (value === null) return 'null';
  if (value instanceof Date) return 'Date';
  if (value instanceof Uint8Array) return 'bytes';
  return isList(value) ? 'list' : typeof value;
}

/** Writes a value that has no parts. */
export function writeLeaf(w: Writer, schema: PrimitiveSchema | EnumSchema | FixedSchema, value: unknown): void {
  const logical = 'logical' in schema ? schema.logical : undefined;
  switch (schema.type) {
    case 'null':
      return value === null ? w.null(value) : misfit(value, 'null');
    case 'boolean':
      return typeof value === 'boolean' ? w.boolean(value) : misfit(value, 'true or false');
    case 'int':
      if (logical?.name === 'date') return w.date(text(value, 'a date, YYYY-MM-DD'));
      return w.int(number(value, 'a whole number of 32 bits'));
    case 'long':
      if (logical?.name === 'timestamp-millis')
        return value instanceof Date ? w.timestampMillis(value) : misfit(value, 'a Date');
      return typeof value === 'bigint' ? w.long(value) : misfit(value, 'a bigint');
    case 'float':
      return w.float(number(value, 'a number'));
    case 'double':
      return w.double(number(value, 'a number'));
    case 'string':
      return logical ? w.uuid(text(value, 'a UUID')) : w.string(text(value, 'a text'));
    case 'enum':
      return w.enum(text(value, `one of ${schema.symbols.join(', ')}`), schema.symbols);
    case 'bytes':
      return logical ? w.decimal(text(value, 'a decimal'), logical.precision, logical.scale) : w.bytes(bytes(value));
    case 'fixed':
      if (logical?.name === 'decimal')
        return w.decimalFixed(text(value, 'a decimal'), schema.size, logical.precision, logical.scale);
      return logical ? w.uuidFixed(text(value, 'a UUID')) : w.fixed(bytes(value), schema.size);
  }
}

function text(value: unknown, wanted: string): string {
  return typeof value === 'string' ? value : misfit(value, wanted);
}

function number(value: unknown, wanted: string): number {
  return typeof value === 'number' ? value : misfit(value, wanted);
}

function bytes(value: unknown): Uint8Array {
  return value instanceof Uint8Array ? value : misfit(value, 'bytes');
}
