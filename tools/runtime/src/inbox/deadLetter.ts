import { AtlasError } from '../contract/atlasError.ts';
import { failpoint } from '../failpoint.ts';
import { uuidv7 } from '../ids.ts';
import { flush } from '../outbox/flush.ts';
import type { OutboxRecord } from '../outbox/record.ts';
import { ONLY_EVENTS } from '../outbox/written.ts';
import type { IncomingRecord, OutgoingRecord } from '../ports/kafka.ts';
import type { SqlSession } from '../ports/sql.ts';
import { base64Of } from '../record/headers.ts';
import { logFieldsOf, type Delivery } from './delivery.ts';
import type { Fence } from './fences.ts';
import type { InboxOptions } from './options.ts';
import { deadName, INSERT_DEAD, INSERT_INBOX, PARK_KEY } from './statements.ts';
import type { DeathReason, RecordInput } from './step.ts';
import { inputOfPlumbingError } from './transaction.ts';

/** Why a record is given up. */
export interface Death {
  readonly reason: DeathReason;
  readonly tries: number;
  readonly error: string;
}

/** A dead letter may have any size. If the broker refuses it, it stays in `atlas_dead`. */
const ANY_SIZE = Number.MAX_SAFE_INTEGER;

/**
 * Gives a record up in one transaction: its row in the inbox, its row in `atlas_dead`, its dead letter in the outbox,
 * and what `updateKey` does to its key. Never throws: an error becomes the next input of the step.
 */
export async function giveUp(
  options: InboxOptions,
  delivery: Delivery,
  fence: Fence,
  death: Death,
  updateKey: (session: SqlSession) => Promise<void>,
): Promise<Extract<RecordInput, { kind: 'deadLettered' | 'unavailable' | 'fenced' }>> {
  const { store, clock, fences, log, meters } = options;
  const { received, consumer, type } = delivery;
  const { name } = consumer.contract;
  const now = clock.now();
  let fresh = false;
  try {
    await store.transaction(async (session) => {
      fresh = (await session.query(INSERT_INBOX, [received.id, deadName(name), now, received.scope])).length > 0;
      if (fresh) await writeDeadLetter(options, session, delivery, death, now);
      await updateKey(session);
      await fences.check(session, fence);
    });
  } catch (error) {
    log.warn({ err: error, ...logFieldsOf(delivery) }, 'could not write a dead letter, will try again');
    return inputOfPlumbingError(error);
  }
  failpoint('after-dead-letter');
  if (fresh) {
    meters.dead.add(1, { reason: death.reason });
    log.error({ ...logFieldsOf(delivery), type, ...death }, 'the event was given up and goes to the dead-letter topic');
    options.wake(ONLY_EVENTS);
  }
  return { kind: 'deadLettered' };
}

/** Parks the key of a dead record and marks it held: it waits for a replay or a discard. */
export async function holdKey(session: SqlSession, delivery: Delivery, death: Death): Promise<void> {
  const { topic, partition } = delivery.record;
  const { tries, error } = death;
  await session.query(PARK_KEY, [topic, delivery.parkingKey, partition, 'held', tries, 0, error]);
}

async function writeDeadLetter(
  { contract, group }: InboxOptions,
  session: SqlSession,
  { record, received, consumer, type }: Delivery,
  { reason, tries, error }: Death,
  now: Date,
): Promise<void> {
  const { dlqTopic } = contract;
  const { name, message } = consumer.contract;
  if (dlqTopic === undefined)
    throw new AtlasError('ATLAS_CONTRACT', `${contract.service} consumes events but has no dead-letter topic`);
  const [row] = await session.query<{ id: bigint }>(INSERT_DEAD, [
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
    received.scope,
  ]);
  const facts: DeadLetterFacts = {
    deadId: row?.id ?? 0n,
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
  const letter = deadLetterRecord(record, facts, { topic: dlqTopic, id: uuidv7(now.getTime(), 0), now });
  await flush(session, { records: [letter], maxEventBytes: ANY_SIZE });
}

/** The facts about a record that its dead letter has in headers. */
export interface DeadLetterFacts {
  /** The id of its row in `atlas_dead`, which keeps the bytes if the broker refuses them. */
  readonly deadId: bigint;
  /** The error's class name, in place of Spring's Java class. */
  readonly errorName: string;
  readonly error: string;
  readonly attempts: number;
  readonly consumer: string;
  readonly group: string;
  /** The fingerprint of the reader. */
  readonly fingerprint: string;
  readonly type: string;
  readonly eventId: string;
  readonly correlationId: string;
}

/**
 * A record for the dead-letter topic. It has the original bytes and headers. It also has the headers that Spring's
 * DeadLetterPublishingRecoverer adds, in Spring's encoding (numbers big-endian, the partition in 4 bytes, offset and
 * timestamp in 8 each), so that tools for Spring's dead letters can read it.
 */
export function deadLetterRecord(
  record: IncomingRecord,
  facts: DeadLetterFacts,
  { topic, id, now }: { readonly topic: string; readonly id: string; readonly now: Date },
): OutboxRecord {
  const headers: OutgoingRecord['headers'] = {
    ...record.headers,
    'kafka_dlt-original-topic': record.topic,
    'kafka_dlt-original-partition': int32(record.partition),
    'kafka_dlt-original-offset': int64(record.offset),
    'kafka_dlt-original-timestamp': int64(BigInt(record.timestamp.getTime())),
    'kafka_dlt-original-timestamp-type': 'CreateTime',
    'kafka_dlt-original-consumer-group': facts.group,
    'kafka_dlt-exception-fqcn': facts.errorName,
    'kafka_dlt-exception-message': facts.error,
    consumer: facts.consumer,
    attempts: String(facts.attempts),
    fingerprint: facts.fingerprint,
    correlationid: facts.correlationId,
    atlas_dead_id: String(facts.deadId),
  };
  return {
    topic,
    key: record.key,
    body: record.value,
    fingerprint: null,
    id,
    type: facts.type,
    correlationId: facts.correlationId,
    causationId: facts.eventId,
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
