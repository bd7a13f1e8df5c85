import type { SqlSession, SqlValue } from '../ports/sql.ts';
import { AtlasError } from '../contract/atlasError.ts';
import { FLUSH_ANSWER, FLUSH_BOTH, FLUSH_EVENTS } from './statements.ts';
import type { OutboxRecord } from './record.ts';

/** Below the broker's default `max.message.bytes` of 1 MiB, with room for frame, key and headers. */
export const MAX_EVENT_BYTES = 900 * 1024;

export interface Flush {
  readonly records: readonly OutboxRecord[];
  readonly idempotency?: IdempotencyRow | undefined;
  /** Cap of one event's body in bytes. */
  readonly maxEventBytes?: number;
}

export interface Flushed {
  /** `booking/<key>@<sequence>, …`: where the events stand in their topics; undefined where none has a key. */
  readonly version: string | undefined;
}

const NOTHING: Flushed = { version: undefined };

/**
 * Writes the events, their sequences and the idempotency row in one statement, the last one before COMMIT. The sequence rows
 * are taken in sorted order and stay locked until the commit, so id, sequence and commit order agree per key, whatever
 * the handler locked before. Throws ATLAS_EVENT_TOO_LARGE, and ATLAS_IDEMPOTENCY_RACE where another transaction has kept an
 * answer under the same key since this one looked.
 */
export async function flush(
  session: SqlSession,
  { records, idempotency, maxEventBytes = MAX_EVENT_BYTES }: Flush,
): Promise<Flushed> {
  for (const record of records) checkSize(record, maxEventBytes);
  if (records.length === 0) {
    if (idempotency === undefined) return NOTHING;
    const rows = await session.query<{ kept: number }>(FLUSH_ANSWER, answerValues(idempotency));
    if (rows.length === 0) throw race(idempotency);
    return NOTHING;
  }
  const values = columns(records);
  if (idempotency === undefined) {
    const [row] = await session.query<{ version: string | null }>(FLUSH_EVENTS, values);
    return { version: row?.version ?? undefined };
  }
  const [row] = await session.query<{ version: string | null; kept: bigint }>(FLUSH_BOTH, [
    ...values,
    ...answerValues(idempotency),
  ]);
  if (row?.kept !== 1n) throw race(idempotency);
  return { version: row.version ?? undefined };
}

function columns(records: readonly OutboxRecord[]) {
  return [
    records.map(({ topic }) => topic),
    records.map(({ key }) => key),
    records.map(({ body }) => body),
    records.map(({ fingerprint }) => fingerprint),
    records.map(({ id }) => id),
    records.map(({ type }) => type),
    records.map(({ correlationId }) => correlationId),
    records.map(({ causationId }) => causationId),
    records.map(({ actorId }) => actorId),
    records.map(({ traceparent }) => traceparent),
    records.map(({ headers }) => (headers === null ? null : JSON.stringify(headers))),
    records.map(({ occurredAt }) => occurredAt),
    records.map(({ topic, key }) => (key === null ? null : versionLabel(topic, Buffer.from(key).toString('utf8')))),
  ];
}

function checkSize({ type, body }: OutboxRecord, most: number): void {
  if (body === null || body.byteLength <= most) return;
  throw new AtlasError(
    'ATLAS_EVENT_TOO_LARGE',
    `${type} has ${body.byteLength} bytes, and ${most} is the most: carry a reference instead of the thing`,
  );
}

function race({ operation }: IdempotencyRow): AtlasError {
  return new AtlasError('ATLAS_IDEMPOTENCY_RACE', `another ${operation} with the same Idempotency-Key came first`);
}

/** The answer to a command, kept under its Idempotency-Key. */
export interface IdempotencyRow {
  readonly principal: string;
  readonly operation: string;
  readonly key: string;
  /** SHA-256 of what was asked. */
  readonly digest: Uint8Array;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly createdAt: Date;
}

function answerValues(row: IdempotencyRow): readonly SqlValue[] {
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
 * What stands before a sequence in `Atlas-Version`: `booking/<key>@` for topic `boxoffice.tickets.booking.v1`. The name is
 * the topic's last segment that is no version; the key is percent-encoded (RFC 3986), so that a list stays parseable.
 */
export function versionLabel(topic: string, key: string): string {
  const segments = topic.split('.').filter((segment) => !/^v\d+$/.test(segment));
  return `${segments.at(-1) ?? topic}/${encodeURIComponent(key)}@`;
}
