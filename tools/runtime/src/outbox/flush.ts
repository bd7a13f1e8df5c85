import { LastStatements, type BoundStatement, type SqlSession, type SqlValue } from '../ports/sql.ts';
import { AtlasError } from '../contract/atlasError.ts';
import {
  FLUSH_EVENT,
  FLUSH_EVENT_AND_RESPONSE,
  FLUSH_EVENTS,
  FLUSH_EVENTS_AND_RESPONSE,
  FLUSH_RESPONSE,
} from './statements.ts';
import { aggregateOf } from './aggregateOf.ts';
import type { OutboxRecord } from './record.ts';

/** The broker's default `max.message.bytes` is 1 MiB. This leaves room for frame, key and headers. */
export const MAX_EVENT_BYTES = 900 * 1024;

/** The response to a command, stored under its Idempotency-Key. */
export interface IdempotencyRow {
  readonly principal: string;
  readonly operation: string;
  readonly key: string;
  /** SHA-256 of the request. */
  readonly digest: Uint8Array;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly createdAt: Date;
}

export interface Flush {
  /** Statements to run before, in the same round trip. */
  readonly before?: readonly BoundStatement[];
  readonly records: readonly OutboxRecord[];
  readonly idempotency?: IdempotencyRow | undefined;
  /** The longest body of an event, in bytes. */
  readonly maxEventBytes?: number;
}

export interface Flushed {
  /** `booking/<key>@<sequence>, …`: the last sequence of each key that was written. Undefined if no event has a key. */
  readonly version: string | undefined;
}

const NOTHING: Flushed = { version: undefined };

/**
 * Writes the events, their sequences and the idempotency row in one statement. The sequence rows are locked in sorted
 * order until the commit, so ids, sequences and commits have the same order per key, whatever else the handler has
 * locked. Throws `AtlasError` ATLAS_EVENT_TOO_LARGE. If another transaction has stored a response under the same key
 * since this one looked, the transaction fails with ATLAS_CONFLICT.
 */
export async function flush(session: SqlSession, work: Flush): Promise<Flushed> {
  const last = flushAtCommit(work, (flushed) => flushed);
  return last instanceof LastStatements ? last.run(session) : last;
}

/** Like `flush`, but sent together with COMMIT. A transaction's work returns its result. */
export function flushAtCommit<T>(
  { before = [], records, idempotency, maxEventBytes = MAX_EVENT_BYTES }: Flush,
  result: (flushed: Flushed) => T,
): T | LastStatements<T> {
  for (const record of records) checkSize(record, maxEventBytes);
  const own = flushStatement(records, idempotency);
  const [first, ...others] = own === undefined ? before : [...before, own];
  if (first === undefined) return result(NOTHING);
  const read = (rows: readonly unknown[]): T => result({ version: versionIn(rows[0]) });
  return new LastStatements([first, ...others], read);
}

function flushStatement(
  records: readonly OutboxRecord[],
  idempotency: IdempotencyRow | undefined,
): BoundStatement | undefined {
  const response = idempotency === undefined ? [] : responseValues(idempotency);
  const [first, ...others] = records;
  if (first === undefined)
    return idempotency === undefined ? undefined : { statement: FLUSH_RESPONSE, values: response };
  // an event without a key, and a dead letter, get no sequence
  if (others.length === 0 && first.key !== null && first.headers === null) {
    const statement = idempotency === undefined ? FLUSH_EVENT : FLUSH_EVENT_AND_RESPONSE;
    return { statement, values: [...valuesOf(first), ...response] };
  }
  const statement = idempotency === undefined ? FLUSH_EVENTS : FLUSH_EVENTS_AND_RESPONSE;
  return { statement, values: [...columns(records), ...response] };
}

function versionIn(row: unknown): string | undefined {
  if (typeof row !== 'object' || row === null || !('version' in row)) return undefined;
  return typeof row.version === 'string' ? row.version : undefined;
}

/** The parameters of the statement: each is a list with one value per event. */
function columns(records: readonly OutboxRecord[]): readonly SqlValue[] {
  const rows = records.map(valuesOf);
  return (rows[0] ?? []).map((_, at) => rows.map((row) => row[at] ?? null));
}

function valuesOf(record: OutboxRecord): readonly SqlValue[] {
  const { topic, key, headers } = record;
  return [
    topic,
    key,
    record.body,
    record.fingerprint,
    record.id,
    record.type,
    record.correlationId,
    record.causationId,
    record.actorId,
    record.traceparent,
    headers === null ? null : JSON.stringify(headers),
    record.occurredAt,
    key === null ? null : versionLabel(topic, Buffer.from(key).toString('utf8')),
  ];
}

function checkSize({ type, body }: OutboxRecord, maxBytes: number): void {
  if (body === null || body.byteLength <= maxBytes) return;
  throw new AtlasError(
    'ATLAS_EVENT_TOO_LARGE',
    `${type} has ${body.byteLength} bytes, at most ${maxBytes} are allowed: send a reference instead of the content`,
  );
}

function responseValues(row: IdempotencyRow): readonly SqlValue[] {
  return [
    row.principal,
    row.operation,
    row.key,
    row.digest,
    row.status,
    JSON.stringify(row.headers),
    row.body,
    row.createdAt,
  ];
}

/**
 * The text before a sequence in the header `Atlas-Version`: `booking/<key>@` for topic `boxoffice.tickets.booking.v1`.
 * The key is percent-encoded (RFC 3986), so that commas in keys do not break the list.
 */
export function versionLabel(topic: string, key: string): string {
  return `${aggregateOf(topic)}/${encodeURIComponent(key)}@`;
}
