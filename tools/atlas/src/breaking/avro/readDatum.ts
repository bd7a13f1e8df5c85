import {
  isList,
  isObject,
  namedTypes,
  type AvroNamedType,
  type AvroRecord,
  type AvroType,
  type JsonValue,
} from '@atlas/ir';
import {
  branchFor,
  fits,
  logicalDifference,
  logicalTypeOf,
  targetOf,
  writtenField,
  type AvroTarget,
} from '../../read/avro/matching.ts';
import { tagOf } from './datum.ts';
import { digitsOf } from './decimal.ts';

/** The walk stops at values that are nested deeper than this. */
const MOST_DEPTH = 200;

/**
 * Whether a reader with one schema reads data that was written with another one, as it was meant. It walks the data and
 * not the schemas, so it can check what `resolvability` says. The data is in Avro's JSON encoding, and must fit the
 * writer's schema.
 */
export function reads(writer: AvroType, reader: AvroType, datum: JsonValue): boolean {
  return new Resolution(writer, reader).reads(writer, reader, datum, 0);
}

class Resolution {
  readonly #writer: ReadonlyMap<string, AvroNamedType>;
  readonly #reader: ReadonlyMap<string, AvroNamedType>;

  constructor(writer: AvroType, reader: AvroType) {
    this.#writer = new Map(namedTypes(writer).map((type) => [type.name, type]));
    this.#reader = new Map(namedTypes(reader).map((type) => [type.name, type]));
  }

  reads(written: AvroType, read: AvroType, datum: JsonValue, depth: number): boolean {
    const writer = targetOf(written, this.#writer);
    const reader = targetOf(read, this.#reader);
    if (!writer || !reader || depth > MOST_DEPTH) return false;
    if (writer.kind === 'union') return this.#written(writer.branches, reader, datum, depth);
    if (reader.kind !== 'union') return fits(writer, reader) > 0 && this.#inside(writer, reader, datum, depth);
    const branches = reader.branches.flatMap((branch) => targetOf(branch, this.#reader) ?? []);
    const taken = branchFor(writer, branches);
    return taken !== undefined && this.#inside(writer, taken, datum, depth);
  }

  #written(branches: readonly AvroType[], reader: AvroType, datum: JsonValue, depth: number): boolean {
    const targets = branches.flatMap((branch) => targetOf(branch, this.#writer) ?? []);
    const [tag, value] = isObject(datum) ? (Object.entries(datum)[0] ?? []) : ['null', null];
    const branch = targets.find((target) => tagOf(target) === tag);
    return branch !== undefined && value !== undefined && this.reads(branch, reader, value, depth + 1);
  }

  #inside(writer: AvroTarget, reader: AvroTarget, datum: JsonValue, depth: number): boolean {
    const difference = logicalDifference(writer, reader);
    if (difference)
      return difference.what === 'precision' && typeof datum === 'string' && digitsOf(datum) <= precisionOf(reader);
    if (writer.kind === 'record' && reader.kind === 'record') return this.#record(writer, reader, datum, depth);
    if (writer.kind === 'enum' && reader.kind === 'enum')
      return reader.default !== undefined || (typeof datum === 'string' && reader.symbols.includes(datum));
    if (writer.kind === 'array' && reader.kind === 'array')
      return isList(datum) && datum.every((item) => this.reads(writer.items, reader.items, item, depth + 1));
    if (writer.kind === 'map' && reader.kind === 'map')
      return (
        isObject(datum) &&
        Object.values(datum).every((item = null) => this.reads(writer.values, reader.values, item, depth + 1))
      );
    return true;
  }

  #record(writer: AvroRecord, reader: AvroRecord, datum: JsonValue, depth: number): boolean {
    return reader.fields.every((field) => {
      const written = writtenField(writer, field, reader);
      if (!written) return field.default !== undefined;
      const value = isObject(datum) ? datum[written.name] : undefined;
      return value !== undefined && this.reads(written.type, field.type, value, depth + 1);
    });
  }
}

function precisionOf(type: AvroTarget): number {
  const logical = logicalTypeOf(type);
  return logical?.name === 'decimal' ? logical.precision : 0;
}
