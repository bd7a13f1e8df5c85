import type { OutgoingRecord } from '../../ports/kafka.ts';
import { headersOf } from '../../record/envelope.ts';
import { framed } from '../../record/frame.ts';
import { bytesOf } from '../../record/headers.ts';
import { partitionOf } from '../../record/murmur2.ts';
import type { RelayRow } from './state.ts';
import type { OutboxRow } from './statements.ts';

/** A claimed row with what the relay's step needs to know about it. */
export interface ClaimedRow extends RelayRow {
  readonly row: OutboxRow;
  /** Undefined if the body is sent as it is, without a frame. */
  readonly schemaId: number | undefined;
}

/** An estimate of the bytes of an event's headers and framing. */
const OVERHEAD_BYTES = 600;

export function claimedRow(row: OutboxRow, partitions: number, schemaId: number | undefined): ClaimedRow {
  const { id, topic, key, body } = row;
  return {
    row,
    schemaId,
    id,
    topic,
    key: key === null ? undefined : Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('latin1'),
    partition: partitionOf(key, partitions, id),
    bytes: OVERHEAD_BYTES + (key?.byteLength ?? 0) + (body?.byteLength ?? 0) + headerBytes(row.headers),
  };
}

export function outgoingRecord(
  { row, partition, schemaId }: ClaimedRow,
  namespace: string,
  source: string,
): OutgoingRecord {
  const { topic, key, body, occurred_at: timestamp } = row;
  return {
    topic: namespace + topic,
    partition,
    key,
    value: body === null || schemaId === undefined ? body : framed(schemaId, body),
    headers: row.headers === null ? eventHeaders(row, source) : bytesOf(row.headers),
    timestamp,
  };
}

function eventHeaders(row: OutboxRow, source: string): Record<string, string> {
  return headersOf({
    id: row.ce_id,
    source,
    type: row.ce_type,
    time: row.occurred_at,
    correlationId: row.correlation_id,
    causationId: row.causation_id,
    sequence: row.sequence,
    actorId: row.actor_id,
    traceparent: row.traceparent,
  });
}

function headerBytes(headers: Readonly<Record<string, string>> | null): number {
  if (headers === null) return 0;
  return Object.entries(headers).reduce((sum, [name, value]) => sum + name.length + value.length, 0);
}
