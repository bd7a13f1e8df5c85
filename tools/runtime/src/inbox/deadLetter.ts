import type { OutboxRecord } from '../outbox/record.ts';
import type { DeathReason } from './step.ts';

/** A record that gave up, as it came. */
export interface DeadRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: Readonly<Record<string, Uint8Array>>;
  readonly timestamp: Date;
}

export interface Death {
  readonly reason: DeathReason;
  /** The error's class, in place of Java's. */
  readonly errorName: string;
  readonly error: string;
  readonly attempts: number;
  readonly consumer: string;
  readonly group: string;
  /** Of the reader's schema. */
  readonly fingerprint: string;
  readonly type: string;
  readonly eventId: string;
  readonly correlationId: string;
}

/**
 * A record for the dead-letter topic: bytes and headers as they came, and what Spring's DeadLetterPublishingRecoverer adds, in its
 * encoding (numbers big-endian, partition 4 bytes, offset and timestamp 8), so that tools made for it read ours.
 */
export function deadLetter(
  record: DeadRecord,
  death: Death,
  { topic, id, now }: { readonly topic: string; readonly id: string; readonly now: Date },
): OutboxRecord {
  const headers: Record<string, Uint8Array | string> = {
    ...record.headers,
    'kafka_dlt-original-topic': record.topic,
    'kafka_dlt-original-partition': int32(record.partition),
    'kafka_dlt-original-offset': int64(record.offset),
    'kafka_dlt-original-timestamp': int64(BigInt(record.timestamp.getTime())),
    'kafka_dlt-original-timestamp-type': 'CreateTime',
    'kafka_dlt-original-consumer-group': death.group,
    'kafka_dlt-exception-fqcn': death.errorName,
    'kafka_dlt-exception-message': death.error,
    consumer: death.consumer,
    attempts: String(death.attempts),
    fingerprint: death.fingerprint,
    correlationid: death.correlationId,
  };
  return {
    topic,
    key: record.key,
    body: record.value,
    fingerprint: null,
    id,
    type: death.type,
    correlationId: death.correlationId,
    causationId: death.eventId,
    actorId: null,
    traceparent: null,
    headers: base64Of(headers),
    occurredAt: now,
  };
}

/** Header values in base64, as tables keep them. */
export function base64Of(headers: Readonly<Record<string, Uint8Array | string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      // jsonb has no U+0000
      name.replaceAll('\0', '\u2400'),
      (typeof value === 'string'
        ? Buffer.from(value)
        : Buffer.from(value.buffer, value.byteOffset, value.byteLength)
      ).toString('base64'),
    ]),
  );
}

export function bytesOf(headers: Readonly<Record<string, string>>): Record<string, Uint8Array> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Buffer.from(value, 'base64')]));
}

function int32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function int64(value: bigint): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
}
