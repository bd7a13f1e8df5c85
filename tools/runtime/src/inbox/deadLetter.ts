import { base64Of } from '../record/headers.ts';
import type { OutboxRecord } from '../outbox/record.ts';
import type { DeathReason, RecordInput } from './step.ts';
import type { IncomingRecord } from '../ports/kafka.ts';
import { failpoint } from '../failpoint.ts';
import { flush } from '../outbox/flush.ts';
import { uuidv7 } from '../ids.ts';
import { AtlasError } from '../contract/atlasError.ts';
import type { SqlSession } from '../ports/sql.ts';
import { fieldsOf, type Delivery } from './delivery.ts';
import type { Fence } from './fences.ts';
import { plumbingInputOf } from './transaction.ts';
import type { InboxOptions } from './options.ts';
import { DEAD, deadName, ENTER, PARK } from './statements.ts';

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
  record: IncomingRecord,
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

export interface Verdict {
  readonly reason: DeathReason;
  readonly tries: number;
  readonly error: string;
}

/** Dead letters are sent whatever they weigh; one that the broker refuses stays in `atlas_dead`. */
const ANY_SIZE = Number.MAX_SAFE_INTEGER;

/**
 * Gives a record up for good, in one transaction: its mark in the inbox, `atlas_dead`, the dead letter in the outbox, and what
 * `settle` does about its key.
 */
export async function bury(
  options: InboxOptions,
  delivery: Delivery,
  fence: Fence,
  why: Verdict,
  settle: (session: SqlSession, now: Date) => Promise<void>,
): Promise<Extract<RecordInput, { kind: 'buried' | 'away' | 'fenced' }>> {
  const { store, clock, fences, log, meters } = options;
  const { received, reader, type } = delivery;
  const { name } = reader.contract;
  const now = clock.now();
  let fresh = false;
  try {
    await store.transaction(async (session) => {
      fresh = (await session.query(ENTER, [received.id, deadName(name), now])).length > 0;
      if (fresh) await write(options, session, delivery, why, now);
      await settle(session, now);
      await fences.check(session, fence);
    });
  } catch (error) {
    log.warn({ err: error, ...fieldsOf(delivery) }, 'could not write a dead letter, trying again');
    return plumbingInputOf(error);
  }
  failpoint('after-dead-letter');
  if (fresh) {
    meters.dead.add(1, { reason: why.reason });
    log.error({ ...fieldsOf(delivery), type, ...why }, 'the event gave up and went to the dead letters');
    options.wake();
  }
  return { kind: 'buried' };
}

/** A key that keeps waiting for a replay or a discard, for a record that was never parked. */
export async function holdKey(session: SqlSession, { record, key }: Delivery, why: Verdict, now: Date): Promise<void> {
  await session.query(PARK, [record.topic, key, record.partition, 'held', why.tries, now, now, why.error]);
}

async function write(
  { contract, group }: InboxOptions,
  session: SqlSession,
  { record, received, reader, type }: Delivery,
  { reason, tries, error }: Verdict,
  now: Date,
): Promise<void> {
  const { dlqTopic } = contract;
  const { name, message } = reader.contract;
  if (dlqTopic === undefined)
    throw new AtlasError('ATLAS_CONTRACT', `${contract.service} reads and has no dead-letter topic`);
  await session.query(DEAD, [
    record.topic,
    record.key,
    record.partition,
    record.offset,
    name,
    received.id,
    record.value,
    JSON.stringify(base64Of(record.headers)),
    reason,
    error,
    tries,
    now,
  ]);
  const death: Death = {
    reason,
    errorName: error.split(':', 1)[0] ?? 'Error',
    error,
    attempts: tries,
    consumer: name,
    group,
    fingerprint: message.fingerprint,
    type,
    eventId: received.id,
    correlationId: received.correlationId,
  };
  const letter = deadLetter(record, death, { topic: dlqTopic, id: uuidv7(now.getTime(), 0), now });
  await flush(session, { records: [letter], maxEventBytes: ANY_SIZE });
}
