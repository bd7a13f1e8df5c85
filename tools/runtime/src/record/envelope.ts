import { isUtf8 } from 'node:buffer';
import { traceparentOf } from './traceparent.ts';
import type { IncomingRecord } from '../ports/kafka.ts';

/** What goes around an event: CloudEvents 1.0, Kafka protocol binding, binary mode (section 3.2). */
export interface Envelope {
  readonly id: string;
  readonly source: string;
  /** The Avro record's full name. */
  readonly type: string;
  readonly time: Date;
  readonly correlationId: string;
  readonly causationId: string | null;
  /** Null on a channel without key. */
  readonly sequence: bigint | null;
  readonly actorId: string | null;
  readonly traceparent: string | null;
}

const CONTROL = /[\u0000-\u001f\u007f]/;
const CONTENT_TYPE = 'application/vnd.apache.avro';

/** Headers of an event. What is not known has no header: each of them costs the client an allocation. */
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

/** What a record says of itself; whoever sent it may have left anything out. */
export interface Received {
  /** `ce_id`, else `topic/partition/offset`. */
  readonly id: string;
  /** Like all that is optional here, undefined also where the header is no text, has control characters or is beyond 512 bytes. */
  readonly type: string | undefined;
  readonly source: string | undefined;
  /** `ce_time`, else the record's. */
  readonly time: Date;
  /** `ce_correlationid`, else the id: then a new chain begins here. */
  readonly correlationId: string;
  readonly causationId: string | undefined;
  readonly sequence: bigint | undefined;
  readonly actorId: string | undefined;
  readonly traceparent: string | undefined;
}

export function receivedOf(
  record: Pick<IncomingRecord, 'topic' | 'partition' | 'offset' | 'headers' | 'timestamp'>,
): Received {
  const text = (name: string): string | undefined => textOf(record.headers[name]);
  const id = text('ce_id') ?? `${record.topic}/${record.partition}/${record.offset}`;
  const time = new Date(text('ce_time') ?? Number.NaN);
  const sequence = text('ce_sequence');
  return {
    id,
    type: text('ce_type'),
    source: text('ce_source'),
    time: Number.isNaN(time.getTime()) ? record.timestamp : time,
    correlationId: text('ce_correlationid') ?? id,
    causationId: text('ce_causationid'),
    sequence: sequence !== undefined && /^\d{1,18}$/.test(sequence) ? BigInt(sequence) : undefined,
    actorId: text('ce_actorid'),
    traceparent: traceparentOf(text('traceparent')) ?? undefined,
  };
}

/** More than anybody's ids and names have; all of it goes into columns, some of it into keys of an index. */
const LONGEST = 512;

/**
 * A header as text; undefined where it is none that could be kept: then its record is read as one without it. Two ids that are no UTF-8
 * would else become the same, and one of two events a copy.
 */
function textOf(bytes: Uint8Array | undefined): string | undefined {
  if (bytes === undefined || bytes.byteLength === 0 || bytes.byteLength > LONGEST || !isUtf8(bytes)) return undefined;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  return CONTROL.test(text) ? undefined : text;
}
