import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { contextPerTry, NOBODY } from '../command/request.ts';
import type { AtlasError } from '../contract/atlasError.ts';
import type { Ctx, Meta } from '../contract/handler.ts';
import type { ConsumerContract } from '../contract/message.ts';
import type { AnyEventHandler } from '../contract/service.ts';
import type { IncomingRecord } from '../ports/kafka.ts';
import type { Log, LogFields } from '../ports/log.ts';
import type { Received } from '../record/headers.ts';

/** A consumer's contract and the service's function for it. */
export interface Consumer {
  readonly contract: ConsumerContract<unknown>;
  readonly handle: AnyEventHandler['handle'];
}

/** A service's consumers: by name and type, and by topic and type. */
export class Consumers {
  readonly #byName = new Map<string, Consumer>();
  readonly #byType = new Map<string, Consumer>();
  readonly #firstOf = new Map<string, Consumer>();
  readonly #withSets = new Set<string>();
  readonly #withSingles = new Set<string>();

  /** `topic` with the namespace. */
  add(topic: string, consumer: Consumer): void {
    const { name, message, batch } = consumer.contract;
    this.#byName.set(`${name}\n${message.type}`, consumer);
    this.#byType.set(`${topic}\n${message.type}`, consumer);
    if (!this.#firstOf.has(topic)) this.#firstOf.set(topic, consumer);
    (batch ? this.#withSets : this.#withSingles).add(topic);
  }

  /** Several consumers may share a name: there is one per type that it reads. */
  ofName(name: string, type: string): Consumer | undefined {
    return this.#byName.get(`${name}\n${type}`);
  }

  /** Whether a consumer of the topic gets sets. */
  hasSets(topic: string): boolean {
    return this.#withSets.has(topic);
  }

  /** Whether all consumers of the topic get sets. Then a set keeps its offset with its effects. */
  hasOnlySets(topic: string): boolean {
    return this.#withSets.has(topic) && !this.#withSingles.has(topic);
  }

  ofType(topic: string, type: string): Consumer | undefined {
    return this.#byType.get(`${topic}\n${type}`);
  }

  /** A placeholder for the consumer of an event whose type is not known yet. */
  standInOf(topic: string): Consumer | undefined {
    return this.#firstOf.get(topic);
  }
}

/** A record with its consumer. It comes from a batch or from a parked key's queue. */
export interface Delivery {
  readonly record: IncomingRecord;
  readonly received: Received;
  readonly type: string;
  readonly consumer: Consumer;
  readonly parkingKey: Uint8Array;
  /** Why its type is not known. Its consumer is then a placeholder. */
  readonly unknown: AtlasError | undefined;
}

export function deliveryOf(
  record: IncomingRecord,
  received: Received,
  consumer: Consumer,
  unknown?: AtlasError,
): Delivery {
  return {
    record,
    received,
    type: consumer.contract.message.type,
    consumer,
    parkingKey: parkingKeyOf(record),
    unknown,
  };
}

/** The fields of each log line about the delivery. */
export function logFieldsOf({ record, received, consumer }: Delivery): LogFields {
  const { topic, partition, offset } = record;
  const { id: eventId, correlationId } = received;
  return { consumer: consumer.contract.name, eventId, correlationId, topic, partition, offset: String(offset) };
}

/** The most characters of a key in a log line. */
const MAX_KEY = 200;

/**
 * Writes the one log line about an event that needs nothing more. `ms` is the time since it was taken, in milliseconds;
 * `attempt` is the number of its last try.
 */
export function logConsumed(
  log: Log,
  delivery: Delivery,
  done: { readonly outcome: string; readonly noop: string | undefined; readonly attempt: number; readonly ms: number },
): void {
  const { record, type } = delivery;
  const key = record.key && keyText(record.key).slice(0, MAX_KEY);
  log.info({ ...logFieldsOf(delivery), type, key, ...done, ms: Math.round(done.ms * 10) / 10 }, 'consumed');
}

function keyText(key: Uint8Array): string {
  const bytes = Buffer.from(key.buffer, key.byteOffset, key.byteLength);
  return isUtf8(bytes) ? bytes.toString() : `base64:${bytes.toString('base64')}`;
}

export function metaOf({ record, received, type, consumer }: Delivery, attempt: number): Meta {
  return {
    id: received.id,
    type,
    source: received.source,
    time: received.time,
    correlationId: received.correlationId,
    causationId: received.causationId,
    sequence: received.sequence,
    actorId: received.actorId,
    topic: consumer.contract.message.topic,
    partition: record.partition,
    offset: record.offset,
    attempt,
  };
}

/**
 * Returns a function that makes the `ctx` for each run of the transaction. An event says who acted, but gives nobody a
 * role.
 */
export function contextsOf({ received }: Delivery, now: Date): () => Ctx {
  const actor = received.actorId === undefined ? NOBODY : { id: received.actorId, roles: [] };
  return contextPerTry(now, { actor, correlationId: received.correlationId });
}

/** UTF-8 never contains this byte, so no key that the runtime has written begins with it. */
const NOT_TEXT = 0xff;
/** A row of a Postgres index has at most 2704 bytes. */
const MAX_INDEXED_BYTES = 1_000;

/**
 * The key under which a record is parked. A record without key has no order to keep, so it is parked alone. A key that
 * is too long for an index is replaced by its hash.
 */
export function parkingKeyOf({ key, partition, offset }: Pick<IncomingRecord, 'key' | 'partition' | 'offset'>) {
  if (key === null) return marked(Buffer.from(`${partition}/${offset}`));
  return key.byteLength > MAX_INDEXED_BYTES ? marked(createHash('sha256').update(key).digest()) : key;
}

function marked(bytes: Buffer): Uint8Array {
  return Buffer.concat([Buffer.of(NOT_TEXT), bytes]);
}
