import { isList } from '../isList.ts';
import { misfit, Misfit } from '../misfit.ts';
import type { Writer } from '../writer.ts';
import { writeLeaf } from './writeLeaf.ts';
import { tagOf, type Schema, type UnionSchema } from './schema.ts';

/** A value that does not fit, with its place: `.seats[2].row`. */
export class MisfitAt extends Error {
  readonly path: string;
  constructor(path: string, message: string) {
    super(message);
    this.path = path;
  }
}

/**
 * Writes a value step by step along its schema: what a compiled codec does, slower, and knowing where it is. Throws
 * `MisfitAt`. Its bytes are those of the compiled codec, which a test asserts.
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
      const places = Object.fromEntries(Object.keys(value).map((key) => [key, key]));
      return w.map(places, (_, key) => writeValue(w, schema.values, value[key], `${path}[${JSON.stringify(key)}]`));
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
    // Of null and one other type, the other one says best what is wrong.
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

/** What a value of the type looks like when the program runs. Generated types follow the same table. */
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

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null;
}
