import { avroModel, canonicalAvro, type AvroRecord, type JsonValue } from '@atlas/ir';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Cursor } from '../../load/index.ts';
import { endlessRecords } from './endless.ts';
import { AvroParser } from './parser.ts';

export interface ParsedAvro {
  /** Absent where a diagnostic is an error, as is `schemaText`. */
  readonly record?: AvroRecord;
  /**
   * The schema as one compact JSON text: every name full and written out at its first occurrence, docs, defaults and
   * metadata kept, keys in a fixed order. Registered and looked up as it is.
   */
  readonly schemaText?: string;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads the Avro record of a message by the specification, 1.12, and says where it breaks it (ATL4xxx). `named` holds
 * the types at the root of other files by full name; they are written out where they are first used.
 */
export function parseAvroRecord(
  cursor: Cursor,
  { named = new Map() }: { readonly named?: ReadonlyMap<string, Cursor> } = {},
): ParsedAvro {
  const parser = new AvroParser(named);
  const root = parser.root(cursor);
  if (root) parser.findings.push(...endlessRecords(root, parser.places));
  const failed = parser.findings.some(({ severity }) => severity === 'error');
  if (failed || !root) return { diagnostics: parser.findings };
  const canonical = canonicalAvro(plain(cursor), (name) => named.get(name)?.value);
  return { record: avroModel(canonical), schemaText: JSON.stringify(canonical), diagnostics: parser.findings };
}

/** What is wrong with a schema that is no message's own: it may be of any type. */
export function checkAvroType(cursor: Cursor, named: ReadonlyMap<string, Cursor>): readonly Diagnostic[] {
  const parser = new AvroParser(named);
  parser.read(cursor, { namespace: '', depth: 0 });
  return parser.findings;
}

/** The value with what its references lead to; a schema in an AsyncAPI document may have them. */
function plain(cursor: Cursor): JsonValue {
  if (Array.isArray(cursor.value)) return cursor.items().map(plain);
  if (typeof cursor.value !== 'object' || cursor.value === null) return cursor.value;
  return Object.fromEntries(cursor.entries().map(([key, child]) => [key, plain(child)]));
}
