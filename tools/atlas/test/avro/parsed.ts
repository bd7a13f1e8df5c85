import type { AvroRecord, JsonValue, Message } from '@atlas/ir';
import { parseAvroRecord } from '../../src/read/avro/payloads.ts';
import { parseDocument } from '../../src/document/document.ts';
import { rootCursor, type Cursor } from '../../src/document/cursor.ts';

/** A cursor at the root of a document. */
export function cursorOf(text: string, file = 'avro/a.avsc'): Cursor {
  const { document, problems } = parseDocument(file, text);
  const cursor = rootCursor(new Map([[file, document]]), file);
  if (!cursor || problems.length > 0) throw new Error(problems.map(({ message }) => message).join('\n'));
  return cursor;
}

/** Parses a schema that must be valid. */
export function recordOf(schema: JsonValue): { readonly record: AvroRecord; readonly schemaText: string } {
  const { record, schemaText, diagnostics } = parseAvroRecord(cursorOf(JSON.stringify(schema)));
  if (!record || schemaText === undefined)
    throw new Error(diagnostics.map(({ code, message }) => `${code} ${message}`).join('\n'));
  return { record, schemaText };
}

/** A message with the schema as its payload. */
export function messageOf(schema: JsonValue): Message {
  const { record, schemaText } = recordOf(schema);
  return {
    loc: { file: 'a.yaml', line: 1, column: 1, pointer: '' },
    name: 'Sample',
    owner: 'a',
    topic: 't',
    recordName: record.name,
    subject: `t-${record.name}`,
    fingerprint: '',
    schemaText,
    avro: record,
  };
}
