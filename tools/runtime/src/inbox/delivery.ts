import type { Ctx, Meta } from '../contract/handler.ts';
import type { ConsumerContract } from '../contract/message.ts';
import type { AnyConsumer } from '../contract/service.ts';
import { contexts } from '../command/context.ts';
import { NOBODY } from '../http/authorize.ts';
import { receivedOf, type Received } from '../record/envelope.ts';
import { parkingKey } from './parking/parkingKey.ts';
import type { IncomingRecord } from '../ports/kafka.ts';
import type { LogFields } from '../ports/log.ts';

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
