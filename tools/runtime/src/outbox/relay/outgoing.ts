import { type HeaderValue, type OutgoingRecord, sendRefusalOf, type KafkaPort } from '../../ports/kafka.ts';
import { base64Of, bytesOf, headersOf, type StoredHeaders } from '../../record/headers.ts';
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

export function claimedRow(
  row: OutboxRow,
  { partitions, ...schema }: Pick<ClaimedRow, 'schema' | 'schemaId'> & { readonly partitions: number },
): ClaimedRow {
  const { id, topic, key, body } = row;
  return {
    row,
    ...schema,
    id,
    topic,
    key: key === null ? undefined : Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('latin1'),
    partition: partitionOf(key, partitions, id),
    shortenable: isShortenable(row),
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

/** The header of a dead letter that is sent without its bytes: how many bytes it had. */
const BYTES = 'atlas_body_bytes';
/** The headers that the inbox adds to each dead letter (`deadLetterRecord`). */
const FACTS =
  /^(kafka_dlt-(original-(topic|partition|offset|timestamp|timestamp-type|consumer-group)|exception-(fqcn|message))|consumer|attempts|fingerprint|correlationid|atlas_dead_id)$/;
/**
 * The headers that identify the event. One that is longer than 512 bytes in base64 is left out, because real ids and
 * names are shorter.
 */
const IDENTITY = /^ce_(id|source|type|time|sequence)$/;
const MAX_IDENTITY = 700;

/** The headers of a dead letter that is sent without its bytes: where it came from, why it failed, where it is kept. */
export function shortHeaders({ headers, body }: Pick<OutboxRow, 'headers' | 'body'>): StoredHeaders {
  const kept = Object.entries(headers ?? {}).filter(([name, value]) => isShort(name, value));
  return { ...Object.fromEntries(kept), ...base64Of({ [BYTES]: String(body?.byteLength ?? 0) }) };
}

function isShort(name: string, value: HeaderValue<string>): boolean {
  return FACTS.test(name) || (IDENTITY.test(name) && typeof value === 'string' && value.length <= MAX_IDENTITY);
}

/** False for an event, and for a dead letter that has nothing to leave out. */
function isShortenable({ headers, body }: OutboxRow): boolean {
  if (headers === null) return false;
  return body !== null || Object.entries(headers).some(([name, value]) => !isShort(name, value) && name !== BYTES);
}

/**
 * How many partitions topics have. Asked only once per topic, because a new number would move keys to other partitions.
 */
export class TopicPartitions {
  readonly #kafka: KafkaPort;
  readonly #counts = new Map<string, number>();

  constructor(kafka: KafkaPort) {
    this.#kafka = kafka;
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
