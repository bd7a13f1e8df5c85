import {
  namedTypes,
  type AvroEnum,
  type AvroField,
  type AvroNamedType,
  type AvroRecord,
  type AvroType,
  type Loc,
} from '@atlas/ir';

/** Data of the writer's schema that a reader with the other schema refuses: always, or as soon as it comes. */
export interface Unreadable {
  /** From the root record down: `bookings.Made.seats[].row`. */
  readonly path: string;
  readonly why: string;
  /** The nearest field, or the record around it, in each of the two schemas. */
  readonly place: { readonly writer: Loc; readonly reader: Loc };
}

/**
 * What a reader cannot read of the data that was written with another schema (Avro 1.12, "Schema Resolution"). It
 * follows the resolver of the runtime: other logical types over one base, or decimals of another scale, do not resolve.
 * It is stricter about data that only may come, such as a symbol or a branch that the reader does not know. Empty if
 * the reader can read everything.
 */
export function resolvability(writer: AvroRecord, reader: AvroRecord): readonly Unreadable[] {
  const pair = new Pair(writer, reader);
  pair.record(writer, reader, writer.name);
  return pair.found;
}

type Target = Exclude<AvroType, { readonly kind: 'ref' }>;
type Place = Unreadable['place'];

class Pair {
  readonly found: Unreadable[] = [];
  readonly #writer: ReadonlyMap<string, AvroNamedType>;
  readonly #reader: ReadonlyMap<string, AvroNamedType>;
  /** Pairs of named types that were compared already, because types may contain themselves. */
  readonly #seen = new Set<string>();

  constructor(writer: AvroRecord, reader: AvroRecord) {
    this.#writer = new Map(namedTypes(writer).map((type) => [type.name, type]));
    this.#reader = new Map(namedTypes(reader).map((type) => [type.name, type]));
  }

  record(writer: AvroRecord, reader: AvroRecord, path: string): void {
    const pair = `${writer.name} ${reader.name}`;
    if (this.#seen.has(pair)) return;
    this.#seen.add(pair);
    for (const field of reader.fields) {
      const written = writtenField(writer, field, reader);
      const at = `${path}.${field.name}`;
      if (written) this.#type(written.type, field.type, at, { writer: written.loc, reader: field.loc });
      else if (!field.default)
        this.#add(at, 'is not written, and has no default', { writer: writer.loc, reader: field.loc });
    }
  }

  #type(written: AvroType, read: AvroType, path: string, place: Place): void {
    const writer = target(written, this.#writer);
    const reader = target(read, this.#reader);
    if (!writer || !reader) return;
    if (writer.kind === 'union') {
      for (const branch of writer.branches) this.#type(branch, reader, path, place);
      return;
    }
    const branches =
      reader.kind === 'union' ? reader.branches.flatMap((type) => target(type, this.#reader) ?? []) : [reader];
    const fit =
      branches.find((branch) => fits(writer, branch) === 2) ?? branches.find((branch) => fits(writer, branch) === 1);
    if (!fit)
      return this.#add(
        path,
        `is written as ${called(writer)}, but read as ${branches.map(called).join(' or ')}`,
        place,
      );
    this.#inside(writer, fit, path, place);
  }

  #inside(writer: Target, reader: Target, path: string, place: Place): void {
    const difference = logicalDifference(writer, reader);
    if (difference !== undefined) this.#add(path, difference, place);
    if (writer.kind === 'record' && reader.kind === 'record') this.record(writer, reader, path);
    if (writer.kind === 'array' && reader.kind === 'array') this.#type(writer.items, reader.items, `${path}[]`, place);
    if (writer.kind === 'map' && reader.kind === 'map') this.#type(writer.values, reader.values, `${path}{}`, place);
    if (writer.kind === 'enum' && reader.kind === 'enum') this.#symbols(writer, reader, path, place);
  }

  #symbols(writer: AvroEnum, reader: AvroEnum, path: string, place: Place): void {
    const unknown =
      reader.default === undefined ? writer.symbols.filter((symbol) => !reader.symbols.includes(symbol)) : [];
    if (unknown.length > 0)
      this.#add(
        path,
        `may be ${unknown.join(', ')}, which the reader does not know, and its enum has no default`,
        place,
      );
  }

  #add(path: string, why: string, place: Place): void {
    this.found.push({ path, why, place });
  }
}

function target(type: AvroType, named: ReadonlyMap<string, AvroNamedType>): Target | undefined {
  return type.kind === 'ref' ? named.get(type.name) : type;
}

/** An alias does not take a written field that is the name of another field of the reader. */
function writtenField(writer: AvroRecord, field: AvroField, reader: AvroRecord): AvroField | undefined {
  const byName = writer.fields.find(({ name }) => name === field.name);
  const own = new Set(reader.fields.map(({ name }) => name));
  return byName ?? writer.fields.find(({ name }) => field.aliases.includes(name) && !own.has(name));
}

/** Bytes may also be read as a string, but not all of them are UTF-8, so this is left out. */
const PROMOTED: Readonly<Record<string, readonly string[]>> = {
  int: ['long', 'float', 'double'],
  long: ['float', 'double'],
  float: ['double'],
  string: ['bytes'],
};

/** 2: the same type and full name. 1: a promotion, or a match by short name or alias only. 0: no match. */
function fits(writer: Target, reader: Target): 0 | 1 | 2 {
  if (writer.kind !== reader.kind) return PROMOTED[writer.kind]?.includes(reader.kind) === true ? 1 : 0;
  if (writer.kind === 'fixed' && reader.kind === 'fixed' && writer.size !== reader.size) return 0;
  if (!('name' in writer) || !('name' in reader) || writer.name === reader.name) return 2;
  return short(writer.name) === short(reader.name) || reader.aliases.includes(writer.name) ? 1 : 0;
}

function short(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

/** A type in a message. */
function called(type: Target): string {
  if (type.kind === 'fixed') return `${type.name} of ${type.size} bytes`;
  return 'name' in type ? type.name : type.kind;
}

function logicalDifference(writer: Target, reader: Target): string | undefined {
  const from = 'logical' in writer ? writer.logical : undefined;
  const to = 'logical' in reader ? reader.logical : undefined;
  if (!from || !to) return undefined;
  if (from.name !== to.name) return `is written as ${from.name}, but read as ${to.name}`;
  if (from.name !== 'decimal' || to.name !== 'decimal') return undefined;
  if (from.scale !== to.scale) return `is written as a decimal of scale ${from.scale}, but read with scale ${to.scale}`;
  return from.precision > to.precision
    ? `may have ${from.precision} digits, but is read with ${to.precision}`
    : undefined;
}
