import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Cursor } from '../../document/cursor.ts';
import type { Workspace } from '../../document/workspace.ts';
import { identityOf, type MessageView } from '../asyncapi/events.ts';
import { inNamespace } from './names.ts';
import { checkAvroSchema, parseAvroRecord, type NamedSchemas, type ParsedAvro } from './parseAvro.ts';

/** The Avro schemas of a workspace, each parsed once. */
export interface AvroPayloads {
  /** The parsed payload of a message; absent where its payload has no `schema`. By the message's identity. */
  readonly byMessage: ReadonlyMap<string, ParsedAvro>;
  /** The findings of the payloads and of the schema files beside them. */
  readonly findings: readonly Diagnostic[];
}

/** Parses the payloads of `messages`, then the schema files that are not a payload: shared and unused types. */
export function avroPayloads(workspace: Workspace, messages: readonly MessageView[]): AvroPayloads {
  const named = namedSchemas(workspace);
  const parsed = new Map<string, ParsedAvro>();
  const byMessage = new Map<string, ParsedAvro>();
  for (const { cursor, identity } of messages) {
    const schema = cursor.at('payload', 'schema');
    if (!schema) continue;
    const payload = parsed.get(identityOf(schema)) ?? parseAvroRecord(schema, named);
    parsed.set(identityOf(schema), payload);
    byMessage.set(identity, payload);
  }
  const files = [...workspace.documents.values()].filter(
    (cursor) => isSchemaFile(cursor) && !parsed.has(identityOf(cursor)),
  );
  return {
    byMessage,
    findings: [
      ...[...parsed.values()].flatMap(({ diagnostics }) => diagnostics),
      ...files.flatMap((cursor) => checkAvroSchema(cursor, named)),
    ],
  };
}

/** Every type that an `.avsc` file of the workspace defines at its root, by full name; the first file wins. */
function namedSchemas(workspace: Workspace): NamedSchemas {
  const named = new Map<string, Cursor>();
  for (const cursor of workspace.documents.values()) {
    const name = isSchemaFile(cursor) ? cursor.get('name')?.string() : undefined;
    if (name === undefined) continue;
    const full = inNamespace(name, cursor.get('namespace')?.string() ?? '');
    if (!named.has(full)) named.set(full, cursor);
  }
  return named;
}

function isSchemaFile({ file }: Cursor): boolean {
  return file.endsWith('.avsc');
}
