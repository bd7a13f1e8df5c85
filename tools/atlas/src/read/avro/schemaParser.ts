import type { AvroField, AvroType, JsonValue } from '@atlas/ir';
import type { Cursor } from '../../document/cursor.ts';
import type { CanonicalWriter } from './canonical.ts';
import type { Report } from './report.ts';

/** What surrounds a schema: the namespace of names without dots, and the number of schemas around it. */
export interface Around {
  readonly namespace: string;
  readonly depth: number;
}

/** One schema, parsed: its type for the model, and its canonical JSON for the registry. */
export interface ParsedSchema<Type extends AvroType = AvroType> {
  readonly type: Type;
  /**
   * Self-contained: every type is written out at its first occurrence and named in full everywhere, docs, defaults and
   * metadata kept, keys in a fixed order.
   */
  readonly canonical: JsonValue;
}

/** A field of a record, and where it is written. */
export interface WrittenField {
  readonly field: AvroField;
  readonly cursor: Cursor;
}

/** What the functions for single kinds of schema need. A schema that cannot be parsed is undefined, with a finding. */
export interface SchemaParser {
  readonly report: Report;
  readonly canonical: CanonicalWriter;
  /** The named types parsed so far, by full name. */
  readonly types: Map<string, AvroType>;
  /** The fields of all records parsed so far. */
  readonly fields: WrittenField[];
  parse(cursor: Cursor, around: Around): ParsedSchema | undefined;
  /** Counts fields, branches and symbols; false once there are too many. */
  count(cursor: Cursor, amount: number): boolean;
  /** Adds a definition under its full name and returns the name; undefined, with a finding, where it is not valid. */
  define(cursor: Cursor, around: Around): string | undefined;
}
