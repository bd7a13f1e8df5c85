import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { HeaderValue, IncomingRecord, OutgoingRecord } from '../ports/kafka.ts';
import { isListOf } from '../typeGuards.ts';

/** An event's metadata: CloudEvents 1.0, Kafka protocol binding, binary mode (section 3.2). */
export interface Envelope {
  readonly id: string;
  readonly source: string;
  /** The Avro record's full name. */
  readonly type: string;
  readonly time: Date;
  readonly correlationId: string;
  readonly causationId: string | null;
  /** Null if the channel has no key. */
  readonly sequence: bigint | null;
  readonly actorId: string | null;
  readonly traceparent: string | null;
}

const CONTROL = /[\u0000-\u001f\u007f]/;
const CONTENT_TYPE = 'application/vnd.apache.avro';

/** An event's headers. A value of null gets no header, because each header costs the Kafka client an allocation. */
export function headersOf(envelope: Envelope): Record<string, string> {
  const headers: Record<string, string> = {
    'content-type': CONTENT_TYPE,
    ce_specversion: '1.0',
    ce_id: envelope.id,
    ce_source: envelope.source,
    ce_type: envelope.type,
    ce_time: envelope.time.toISOString(),
    ce_correlationid: envelope.correlationId,
  };
  if (envelope.causationId !== null) headers['ce_causationid'] = envelope.causationId;
  if (envelope.sequence !== null) headers['ce_sequence'] = envelope.sequence.toString();
  if (envelope.actorId !== null) headers['ce_actorid'] = envelope.actorId;
  if (envelope.traceparent !== null) headers['traceparent'] = envelope.traceparent;
  return headers;
}

/**
 * The metadata of a received record. A sender may have left out anything. A header that is null, is not UTF-8, has
 * control characters or is longer than 512 bytes is treated as missing. If a header occurs several times, the last one
 * is used, as in Java's `lastHeader`.
 */
export interface Received {
  /** `ce_id`, else `topic/partition/offset`. */
  readonly id: string;
  readonly type: string | undefined;
  readonly source: string | undefined;
  /**
   * The scope in which `id` is unique (CloudEvents 1.0, "id"): `ce_source`, its hash if it can't be stored as text, or
   * the topic if there is none. Never empty.
   */
  readonly scope: string;
  /** `ce_time`, else the record's timestamp. */
  readonly time: Date;
  /** `ce_correlationid`, else the id, which begins a new chain. */
  readonly correlationId: string;
  readonly causationId: string | undefined;
  readonly sequence: bigint | undefined;
  readonly actorId: string | undefined;
  readonly traceparent: string | undefined;
}

/** Parses the record's headers. Call it once per record. */
export function receivedOf(
  record: Pick<IncomingRecord, 'topic' | 'partition' | 'offset' | 'headers' | 'timestamp'>,
): Received {
  const text = (name: string): string | undefined => textOf(record.headers[name]);
  const id = text('ce_id') ?? `${record.topic}/${record.partition}/${record.offset}`;
  const source = text('ce_source');
  const time = dateOf(text('ce_time'));
  const sequence = text('ce_sequence');
  return {
    id,
    type: text('ce_type'),
    source,
    scope: source ?? hashOf(record.headers['ce_source']) ?? record.topic,
    time: time ?? record.timestamp,
    correlationId: text('ce_correlationid') ?? id,
    causationId: text('ce_causationid'),
    sequence: sequence !== undefined && /^\d{1,18}$/.test(sequence) ? BigInt(sequence) : undefined,
    actorId: text('ce_actorid'),
    traceparent: traceparentOf(text('traceparent')) ?? undefined,
  };
}

/** Undefined if it is not a time, or if databases or Avro do not support its year. */
function dateOf(text: string | undefined): Date | undefined {
  const time = new Date(text ?? Number.NaN);
  const year = time.getUTCFullYear();
  return year >= 1 && year <= 9_999 ? time : undefined;
}

/**
 * Real ids and names are shorter. Headers are stored in columns, some of which have an index, and an index takes only
 * short keys.
 */
const MAX_HEADER_BYTES = 512;

/**
 * A header as text, undefined if it can't be stored as text. Bytes that are not UTF-8 are never replaced: two different
 * ids could become equal, and one of the two events would be dropped as a copy.
 */
function textOf(value: HeaderValue | undefined): string | undefined {
  const bytes = lastOf(value);
  if (!bytes || bytes.byteLength > MAX_HEADER_BYTES) return undefined;
  if (!isUtf8(bytes)) return undefined;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  return CONTROL.test(text) ? undefined : text;
}

function hashOf(value: HeaderValue | undefined): string | undefined {
  const bytes = lastOf(value);
  return bytes && `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Undefined if the header is missing, null or empty. */
function lastOf(value: HeaderValue | undefined): Uint8Array | undefined {
  const bytes = isListOf(value) ? value.at(-1) : value;
  return bytes && bytes.byteLength > 0 ? bytes : undefined;
}

/** Record headers as tables store them, in jsonb: the values in base64. */
export type StoredHeaders = Readonly<Record<string, HeaderValue<string>>>;

export function base64Of(headers: OutgoingRecord['headers']): StoredHeaders {
  const stored = (value: string | Uint8Array | null): string | null =>
    value === null ? null : bufferOf(value).toString('base64');
  return mapped(headers, stored, (name) => name.replaceAll('\0', '\u2400'));
}

/** The header values that `base64Of` has encoded. */
export function bytesOf(headers: StoredHeaders): IncomingRecord['headers'] {
  return mapped(headers, (value) => (value === null ? null : Buffer.from(value, 'base64')));
}

function bufferOf(value: string | Uint8Array): Buffer {
  return typeof value === 'string' ? Buffer.from(value) : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}

/** `rename` is for jsonb, which can't store U+0000. */
function mapped<From, To>(
  headers: Readonly<Record<string, HeaderValue<From>>>,
  map: (value: From | null) => To | null,
  rename: (name: string) => string = (name) => name,
): Readonly<Record<string, HeaderValue<To>>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [rename(name), isListOf(value) ? value.map(map) : map(value)]),
  );
}

const TRACEPARENT = /^[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The header `traceparent` (W3C Trace Context, section 3.2) if it is a valid one, else null. */
export function traceparentOf(header: string | readonly string[] | undefined): string | null {
  return typeof header === 'string' && TRACEPARENT.test(header) ? header : null;
}
