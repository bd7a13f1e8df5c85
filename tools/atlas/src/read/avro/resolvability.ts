import {
  namedTypes,
  type AvroEnum,
  type AvroField,
  type AvroNamedType,
  type AvroRecord,
  type AvroType,
  type Loc,
} from '@atlas/ir';
import { branchFor, fits, logicalDifference, targetOf, writtenField, type AvroTarget } from './matching.ts';

/** Data of the writer's schema that a reader with the other schema refuses: always, or only if it occurs. */
export interface Unreadable {
  readonly kind: UnreadableKind;
  /** From the root down: `bookings.Made.seats[].row`. */
  readonly path: string;
  /** The same from the nearest record down: `bookings.Seat.row`. */
  readonly field: string;
  readonly why: string;
  /** The nearest field, or the record around it, in each of the two schemas. */
  readonly place: Place;
  /** From the root of written data to the spot that is refused. */
  readonly way: readonly AvroStep[];
  /** Symbols that may be written, and that the reader does not know; empty for other kinds. */
  readonly symbols: readonly string[];
  /**
   * Whether a schema registry accepts it, because a registry ignores logical types and tries more branches of a union
   * than a reader does.
   */
  readonly registryAccepts: boolean;
}

export type UnreadableKind =
  | 'field'
  | 'type'
  | 'name'
  | 'size'
  | 'branch'
  | 'symbol'
  | 'logical'
  | 'scale'
  | 'precision'
  | 'text';

/** One step into written data. A branch of a union is its index. */
export type AvroStep = { readonly field: string } | { readonly branch: number } | 'item' | 'value';

export interface Place {
  readonly writer: Loc;
  readonly reader: Loc;
}

/**
 * What a reader cannot read of the data that was written with another schema (Avro 1.12, "Schema Resolution"). It
 * follows the resolver of the runtime: different logical types on one base, and decimals of different scale, do not
 * resolve. It is stricter about data that may or may not occur, such as a symbol or a branch that the reader does not
 * know. Empty if the reader can read everything. `place` is that of the two schemas, and only needed if one is not a
 * record.
 */
export function resolvability(writer: AvroType, reader: AvroType, place?: Place): readonly Unreadable[] {
  const at = { writer: locOf(writer) ?? place?.writer, reader: locOf(reader) ?? place?.reader };
  const from = { writer: at.writer ?? NOWHERE, reader: at.reader ?? NOWHERE };
  return new Pair(writer, reader).type(writer, reader, {
    path: rootName(writer),
    field: rootName(writer),
    way: [],
    place: from,
  });
}

const NOWHERE: Loc = { file: '', line: 1, column: 1, pointer: '' };

/** Branches that a registry may try in addition to the one that a reader uses. */
const MOST_OTHERS = 1_000;

interface Spot {
  readonly path: string;
  readonly field: string;
  readonly way: readonly AvroStep[];
  readonly place: Place;
}

class Pair {
  readonly #writer: ReadonlyMap<string, AvroNamedType>;
  readonly #reader: ReadonlyMap<string, AvroNamedType>;
  /** Pairs of records that were compared already, because types may contain themselves. */
  #seen: ReadonlySet<string> = new Set();
  #others = 0;

  constructor(writer: AvroType, reader: AvroType) {
    this.#writer = new Map(namedTypes(writer).map((type) => [type.name, type]));
    this.#reader = new Map(namedTypes(reader).map((type) => [type.name, type]));
  }

  type(written: AvroType, read: AvroType, spot: Spot, isBranch = false): readonly Unreadable[] {
    const writer = targetOf(written, this.#writer);
    const reader = targetOf(read, this.#reader);
    if (!writer || !reader) return [];
    if (writer.kind === 'union')
      return writer.branches.flatMap((branch, index) =>
        this.type(branch, reader, { ...spot, way: [...spot.way, { branch: index }] }, true),
      );
    if (reader.kind === 'union') return this.#branch(writer, reader.branches, spot);
    if (fits(writer, reader) > 0) return this.#inside(writer, reader, spot);
    return [mismatch(writer, [reader], spot, isBranch)];
  }

  #branch(writer: AvroTarget, types: readonly AvroType[], spot: Spot): readonly Unreadable[] {
    const branches = types.flatMap((type) => targetOf(type, this.#reader) ?? []);
    const taken = branchFor(writer, branches);
    if (!taken) return [mismatch(writer, branches, spot, true)];
    const before = this.#seen;
    const found = this.#inside(writer, taken, spot);
    if (found.every(({ registryAccepts }) => registryAccepts)) return found;
    const after = this.#seen;
    const isAccepted = branches.some((other) => {
      if (other === taken || (fits(writer, other) === 0 && !isText(writer, other))) return false;
      if (this.#others++ > MOST_OTHERS) return false;
      this.#seen = before;
      return this.#inside(writer, other, spot).every(({ registryAccepts }) => registryAccepts);
    });
    this.#seen = after;
    return isAccepted ? found.map((one) => ({ ...one, registryAccepts: true })) : found;
  }

  #inside(writer: AvroTarget, reader: AvroTarget, spot: Spot): readonly Unreadable[] {
    const difference = logicalDifference(writer, reader);
    const logical = difference
      ? [found(difference.what === 'name' ? 'logical' : difference.what, difference.why, spot, true)]
      : [];
    if (writer.kind === 'record' && reader.kind === 'record') return this.#record(writer, reader, spot);
    if (writer.kind === 'array' && reader.kind === 'array')
      return this.type(writer.items, reader.items, inside(spot, '[]', 'item'));
    if (writer.kind === 'map' && reader.kind === 'map')
      return this.type(writer.values, reader.values, inside(spot, '{}', 'value'));
    if (writer.kind === 'enum' && reader.kind === 'enum') return symbols(writer, reader, spot);
    return logical;
  }

  #record(writer: AvroRecord, reader: AvroRecord, spot: Spot): readonly Unreadable[] {
    const pair = `${writer.name} ${reader.name}`;
    if (this.#seen.has(pair)) return [];
    this.#seen = new Set([...this.#seen, pair]);
    return reader.fields.flatMap((field) => {
      const path = `${spot.path}.${field.name}`;
      const written = writtenField(writer, field, reader);
      const at = (from: AvroField): Spot => ({
        path,
        field: `${reader.name}.${field.name}`,
        way: [...spot.way, { field: from.name }],
        place: { writer: from.loc, reader: field.loc },
      });
      if (written) return this.type(written.type, field.type, at(written));
      if (field.default) return [];
      // In a registry, an alias may match any written field.
      const byAlias = writer.fields.find(({ name }) => field.aliases.includes(name));
      const isAccepted =
        byAlias !== undefined &&
        this.type(byAlias.type, field.type, at(byAlias)).every(({ registryAccepts }) => registryAccepts);
      const place = { writer: writer.loc, reader: field.loc };
      return [
        found(
          'field',
          'is not written, and has no default',
          { ...spot, path, field: `${reader.name}.${field.name}`, place },
          isAccepted,
        ),
      ];
    });
  }
}

function inside(spot: Spot, mark: string, step: 'item' | 'value'): Spot {
  return { ...spot, path: spot.path + mark, field: spot.field + mark, way: [...spot.way, step] };
}

function symbols(writer: AvroEnum, reader: AvroEnum, spot: Spot): readonly Unreadable[] {
  if (reader.default !== undefined) return [];
  const unknown = writer.symbols.filter((symbol) => !reader.symbols.includes(symbol));
  if (unknown.length === 0) return [];
  const why = `may be ${unknown.join(', ')}, which the reader does not know, and its enum has no default`;
  return [{ ...found('symbol', why, spot), symbols: unknown }];
}

function mismatch(writer: AvroTarget, read: readonly AvroTarget[], spot: Spot, isBranch: boolean): Unreadable {
  const why = `is written as ${called(writer)}, but read as ${read.map(called).join(' or ')}`;
  if (read.some((reader) => isText(writer, reader)))
    return found('text', `${why}, and not all bytes are UTF-8`, spot, true);
  const same = read.filter(({ kind }) => kind === writer.kind);
  const isSize = same.some((reader) => reader.kind === 'fixed' && 'name' in writer && reader.name === writer.name);
  const kind = isSize ? 'size' : same.length > 0 ? 'name' : isBranch ? 'branch' : 'type';
  return found(kind, why, spot);
}

function found(kind: UnreadableKind, why: string, spot: Spot, registryAccepts = false): Unreadable {
  return { kind, why, ...spot, symbols: [], registryAccepts };
}

/** The one promotion of the specification that Atlas does not consider safe. */
function isText(writer: AvroTarget, reader: AvroTarget): boolean {
  return writer.kind === 'bytes' && reader.kind === 'string';
}

function locOf(type: AvroType): Loc | undefined {
  return type.kind === 'record' ? type.loc : undefined;
}

/** The first part of paths. */
function rootName(type: AvroType): string {
  return 'name' in type ? type.name : type.kind;
}

/** A type in a message. */
function called(type: AvroTarget): string {
  if (type.kind === 'fixed') return `${type.name} of ${type.size} bytes`;
  return 'name' in type ? type.name : type.kind;
}
