import { type AvroRecord, type AvroType, emptyValues, type Loc, namedTypes } from '@atlas/ir';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Cursor } from '../../document/cursor.ts';
import type { Workspace } from '../../document/workspace.ts';
import { identityOf } from '../asyncapi/events.ts';
import { namedSchemasOf, type NamedSchemas } from './names.ts';
import { AvroParser } from './parser.ts';
import { avroLimits } from './report.ts';

/** The Avro schemas of a workspace, each parsed once. */
export interface AvroPayloads {
  /** The parsed schema of a payload, such as that of a message. Undefined if the payload has no `schema`. */
  of(payload: Cursor | undefined): ParsedAvro | undefined;
  /** The findings of the payloads and of the schema files beside them. */
  readonly findings: readonly Diagnostic[];
}

/** Parses the schemas of all payloads, then the schema files that are not payloads, with shared and unused types. */
export function avroPayloads(workspace: Workspace, payloads: readonly Cursor[]): AvroPayloads {
  const named = namedSchemas(workspace);
  const parsed = new Map<string, ParsedAvro>();
  for (const payload of payloads) {
    const schema = payload.get('schema');
    // A rule refuses other formats. To report their schemas as Avro would be misleading.
    if (schema && !isOtherFormat(payload) && !parsed.has(identityOf(schema)))
      parsed.set(identityOf(schema), parseAvroRecord(schema, named));
  }
  return {
    of: (payload) => {
      const schema = payload?.get('schema');
      return schema && parsed.get(identityOf(schema));
    },
    findings: [
      ...[...parsed.values()].flatMap(({ diagnostics }) => diagnostics),
      ...schemaFiles(workspace)
        .filter((cursor) => !parsed.has(identityOf(cursor)))
        .flatMap((cursor) => checkAvroSchema(cursor, named)),
    ],
  };
}

/** The types that the schema files of a workspace define. */
export function namedSchemas(workspace: Workspace): NamedSchemas {
  return namedSchemasOf(schemaFiles(workspace));
}

function schemaFiles({ documents }: Workspace): readonly Cursor[] {
  return [...documents.values()].filter(({ file }) => file.endsWith('.avsc'));
}

function isOtherFormat(payload: Cursor): boolean {
  const format = payload.get('schemaFormat')?.string();
  return format !== undefined && !/avro/i.test(format);
}

export interface ParsedAvro {
  /** Absent if a diagnostic is an error, as is `schemaText`. */
  readonly record?: AvroRecord;
  /**
   * The schema as one compact JSON text: every type is written out at its first occurrence, and has its full name
   * everywhere. Docs, defaults and metadata are kept. Keys have a fixed order. This text is registered, looked up and
   * fingerprinted.
   */
  readonly schemaText?: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** Parses the schema of a message's payload, which must be a record, by Avro 1.12. Findings are ATL4xxx. */
export function parseAvroRecord(cursor: Cursor, named: NamedSchemas = new Map()): ParsedAvro {
  const parser = new AvroParser(named);
  const { findings } = parser.report;
  const { type, canonical } = parser.root(cursor) ?? {};
  if (type && type.kind !== 'record')
    parser.report.error(
      'ATL4013',
      `the payload of a message must be a record, not ${type.kind}`,
      cursor.valueLoc,
      'put the value into a field of a record',
    );
  if (type?.kind !== 'record') return { diagnostics: findings };
  findings.push(...endlessRecords(type, parser.places), ...crowdedRecords(type, parser.places));
  return findings.some(({ severity }) => severity === 'error')
    ? { diagnostics: findings }
    : { record: type, schemaText: JSON.stringify(canonical), diagnostics: findings };
}

/** Parses a schema of any type. `type` is absent if a diagnostic is an error. */
export function parseAvroType(
  cursor: Cursor,
  named: NamedSchemas,
): { readonly type?: AvroType; readonly diagnostics: readonly Diagnostic[] } {
  const parser = new AvroParser(named);
  const { findings } = parser.report;
  const { type } = parser.root(cursor) ?? {};
  if (type) findings.push(...endlessRecords(type, parser.places));
  const isValid = type !== undefined && findings.every(({ severity }) => severity !== 'error');
  return { ...(isValid ? { type } : {}), diagnostics: findings };
}

/** The findings of a schema that is not the payload of a message and so may be of any type. */
function checkAvroSchema(cursor: Cursor, named: NamedSchemas): readonly Diagnostic[] {
  const parser = new AvroParser(named);
  parser.root(cursor);
  return parser.report.findings;
}

/** Records with more values of zero bytes than a reader accepts. If such records are nested, the innermost ones. */
function crowdedRecords(root: AvroType, places: ReadonlyMap<string, Loc>): readonly Diagnostic[] {
  const values = emptyValues(root);
  const isCrowded = (name: string): boolean => (values.get(name) ?? 0) > avroLimits.emptyValues;
  return namedTypes(root).flatMap((type): Diagnostic[] => {
    const loc = places.get(type.name);
    if (type.kind !== 'record' || !loc || !isCrowded(type.name)) return [];
    if (type.fields.some((field) => 'name' in field.type && isCrowded(field.type.name))) return [];
    return [
      {
        code: 'ATL4014',
        severity: 'error',
        message: `record ${type.name} has more than ${avroLimits.emptyValues} values that take no bytes`,
        loc,
        fix: 'remove empty records and nulls from it',
      },
    ];
  });
}

/**
 * Records that contain themselves unconditionally, so that no finite value exists. A list, a map or a union with
 * another branch ends the recursion.
 */
function endlessRecords(root: AvroType, places: ReadonlyMap<string, Loc>): readonly Diagnostic[] {
  const records = namedTypes(root).filter((type) => type.kind === 'record');
  const ends = new Set<string>();
  const hasEnd = (type: AvroType): boolean => {
    switch (type.kind) {
      case 'record':
      case 'ref':
        return ends.has(type.name) || !records.some(({ name }) => name === type.name);
      case 'union':
        return type.branches.some(hasEnd);
      default:
        return true;
    }
  };
  for (let before = -1; before !== ends.size;) {
    before = ends.size;
    for (const record of records) if (record.fields.every((field) => hasEnd(field.type))) ends.add(record.name);
  }
  return records.flatMap((record): Diagnostic[] => {
    const loc = places.get(record.name);
    if (ends.has(record.name) || !loc) return [];
    return [
      {
        code: 'ATL4012',
        severity: 'error',
        message: `record ${record.name} contains itself without an end`,
        loc,
        fix: 'make the field a union with null, or a list',
      },
    ];
  });
}
