import { type OutgoingRecord, sendRefusalOf, type KafkaPort } from '../../ports/kafka.ts';
import { bytesOf, headersOf, type StoredHeaders } from '../../record/headers.ts';
import { framed } from '../../record/frame.ts';
import { partitionOf } from '../../record/murmur2.ts';
import type { RelayRow, Trouble } from './state.ts';
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

function headerBytes(headers: StoredHeaders | null): number {
  if (headers === null) return 0;
  return Object.entries(headers)
    .flatMap(([name, value]) => [value].flat().map((one) => name.length + (one?.length ?? 0)))
    .reduce((sum, bytes) => sum + bytes, 0);
}

/** How many partitions topics have. Asked once per topic: if a topic grew, its keys would move to other partitions. */
export class TopicPartitions {
  readonly #kafka: KafkaPort;
  readonly #counts = new Map<string, number>();

  constructor(kafka: KafkaPort) {
    this.#kafka = kafka;
  }

  /** The number if it is known without asking. */
  known(topic: string): number | undefined {
    return this.#counts.get(topic);
  }

  /** Asks the broker if the number is not known. Says what is wrong if the topic can't be written. */
  async find(topic: string): Promise<number | Trouble> {
    const known = this.#counts.get(topic);
    if (known !== undefined) return known;
    try {
      const count = (await this.#kafka.partitions([topic])).get(topic);
      if (count === undefined || count === 0) return notWritable(topic, 'it has no partitions');
      this.#counts.set(topic, count);
      return count;
    } catch (error) {
      const refusal = sendRefusalOf(error);
      if (refusal && !refusal.retriable) return notWritable(topic, refusal.reason);
      return { reason: error instanceof Error ? error.message : String(error), lasting: false };
    }
  }
}

function notWritable(topic: string, reason: string): Trouble {
  return {
    reason: `${topic} can't be written: ${reason}; run \`atlas register\`, or give this user the right to write it`,
    lasting: true,
  };
}
