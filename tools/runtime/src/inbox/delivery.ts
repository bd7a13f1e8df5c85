import type { Ctx, Meta } from '../contract/handler.ts';
import type { ConsumerContract } from '../contract/message.ts';
import type { AnyConsumer } from '../contract/service.ts';
import { contexts, NOBODY } from '../command/request.ts';
import { receivedOf, type Received } from '../record/envelope.ts';
import type { IncomingRecord } from '../ports/kafka.ts';
import type { LogFields } from '../ports/log.ts';
import { createHash } from 'node:crypto';

/** A consumer's contract and the service's function for it. */
export interface Reader {
  readonly contract: ConsumerContract<unknown>;
  readonly handle: AnyConsumer['handle'];
}

/** A record that somebody reads, live or out of a parked key's queue. */
export interface Delivery {
  readonly record: IncomingRecord;
  readonly received: Received;
  readonly type: string;
  readonly reader: Reader;
  /** Under which its key is parked. */
  readonly key: Uint8Array;
}

export function deliveryOf(record: IncomingRecord, reader: Reader): Delivery {
  return {
    record,
    received: receivedOf(record),
    type: reader.contract.message.type,
    reader,
    key: parkingKey(record.key, record.partition, record.offset),
  };
}

/** In each line of the log that is about it. */
export function fieldsOf({ record, received, reader }: Delivery): LogFields {
  const { topic, partition, offset } = record;
  const { id: eventId, correlationId } = received;
  return { consumer: reader.contract.name, eventId, correlationId, topic, partition, offset: String(offset) };
}

export function metaOf({ record, received, type, reader }: Delivery, attempt: number): Meta {
  return {
    id: received.id,
    type,
    source: received.source,
    time: received.time,
    correlationId: received.correlationId,
    causationId: received.causationId,
    sequence: received.sequence,
    actorId: received.actorId,
    topic: reader.contract.message.topic,
    partition: record.partition,
    offset: record.offset,
    attempt,
  };
}

/** Gives each run of the transaction its `ctx`: same instant, same ids. An event carries who acted, never what he may. */
export function contextsOf({ received }: Delivery, now: Date): () => Ctx {
  const actor = received.actorId === undefined ? NOBODY : { id: received.actorId, roles: [] };
  return contexts(now, { actor, correlationId: received.correlationId });
}

/** No byte of UTF-8, so never the start of a key that the runtime wrote. */
const NO_TEXT = 0xff;
/** An index of Postgres takes rows of up to 2704 bytes. */
const LONGEST = 1_000;

/**
 * Under which key a record is parked. Records without key have no order to keep: each is parked alone. A key that is too long for an
 * index goes by its hash.
 */
export function parkingKey(key: Uint8Array | null, partition: number, offset: bigint): Uint8Array {
  if (key === null) return marked(Buffer.from(`${partition}/${offset}`));
  return key.byteLength > LONGEST ? marked(createHash('sha256').update(key).digest()) : key;
}

function marked(bytes: Buffer): Uint8Array {
  return Buffer.concat([Buffer.of(NO_TEXT), bytes]);
}
