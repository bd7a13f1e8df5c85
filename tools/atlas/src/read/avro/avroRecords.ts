import type { AvroRecord } from '@atlas/ir';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Cursor, Workspace } from '../../load/index.ts';
import { checkAvroType, parseAvroRecord } from './index.ts';
import { namedTypes } from './named.ts';

export interface ParsedRecord {
  readonly record?: AvroRecord;
  readonly schemaText?: string;
  readonly diagnostics: readonly Diagnostic[];
}

interface Cache {
  readonly named: ReadonlyMap<string, Cursor>;
  /** By file and pointer. */
  readonly parsed: Map<string, ParsedRecord>;
}

/** Parses each payload once a workspace: rules and the model ask for the same ones. */
const caches = new WeakMap<Workspace, Cache>();

function cacheOf(workspace: Workspace): Cache {
  const cache = caches.get(workspace) ?? { named: namedTypes(workspace), parsed: new Map<string, ParsedRecord>() };
  caches.set(workspace, cache);
  return cache;
}

/** The Avro record of a message's payload; undefined where the payload has no `schema`. */
export function avroRecordOf(workspace: Workspace, message: Cursor): ParsedRecord | undefined {
  const schema = message.at('payload', 'schema');
  if (!schema) return undefined;
  const cache = cacheOf(workspace);
  const identity = `${schema.file}#${schema.pointer}`;
  const known = cache.parsed.get(identity);
  if (known) return known;
  const parsed = parseAvroRecord(schema, { named: cache.named });
  cache.parsed.set(identity, parsed);
  return parsed;
}

/** What is wrong with the schema files that are no message's payload: shared types, and those nobody uses yet. */
export function sharedAvroFindings(workspace: Workspace): readonly Diagnostic[] {
  const { named, parsed } = cacheOf(workspace);
  return [...workspace.documents].flatMap(([file, cursor]) =>
    file.endsWith('.avsc') && !parsed.has(`${file}#`) ? checkAvroType(cursor, named) : [],
  );
}
