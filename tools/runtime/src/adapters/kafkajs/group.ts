import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs, { type Consumer, type Kafka, type EachBatchPayload, type IHeaders, type KafkaMessage } from 'kafkajs';
import { fullJitter } from '../../time/fullJitter.ts';
import {
  SESSION_MS,
  type ConsumerHandlers,
  type RunningConsumer,
  RejoinGroup,
  type IncomingBatch,
  type IncomingRecord,
} from '../../ports/kafka.ts';
import type { Log } from '../../ports/log.ts';
import { RETRY } from './client.ts';
import { joinError } from './refusal.ts';
import { subscriptionAssigner } from './subscriptionAssigner.ts';

interface Member {
  readonly consumer: Consumer;
  /** Resolves when kafkajs gives up the consumer. */
  readonly gone: Promise<Error>;
}

export interface GroupOptions {
  readonly group: string;
  readonly topics: readonly string[];
  /** In milliseconds, `SESSION_MS` by default. */
  readonly sessionTimeout?: number | undefined;
}

const SETTINGS = {
  partitionAssigners: [subscriptionAssigner],
  // short, because the disconnect of an idle consumer waits for its last fetch
  maxWaitTimeInMs: 250,
  sessionTimeout: SESSION_MS,
  heartbeatInterval: 2_000,
  rebalanceTimeout: 30_000,
  // small, because the partitions of one fetch wait for each other
  maxBytesPerPartition: 256 * 1024,
  allowAutoTopicCreation: false,
  // when kafkajs gives up, this file opens a new consumer
  retry: { ...RETRY, restartOnFailure: async () => false },
};

const CONCURRENCY = 4;

/** Membership in the group. Whenever kafkajs gives up a consumer, a new one joins. */
export class Membership implements RunningConsumer {
  readonly #kafka: Kafka;
  readonly #options: GroupOptions;
  readonly #handlers: ConsumerHandlers;
  readonly #log: Log;
  readonly #stopping = new AbortController();
  /** Counts joins and losses. A batch that was fetched before the last join or loss is stale. */
  #generation = 0;
  #joined = false;
  #fetchedAt = -Infinity;
  #consumer: Consumer | undefined;
  #supervised: Promise<void> = Promise.resolve();

  private constructor(kafka: Kafka, options: GroupOptions, handlers: ConsumerHandlers, log: Log) {
    this.#kafka = kafka;
    this.#options = options;
    this.#handlers = handlers;
    this.#log = log;
  }

  /** Resolves once joined. Throws `AtlasError` ATLAS_KAFKA_JOIN if joining is not possible now. */
  static async join(kafka: Kafka, options: GroupOptions, handlers: ConsumerHandlers, log: Log): Promise<Membership> {
    const membership = new Membership(kafka, options, handlers, log);
    membership.#supervised = membership.#supervise(await membership.#open());
    return membership;
  }

  pause(topic: string, partition: number): void {
    this.#consumer?.pause([{ topic, partitions: [partition] }]);
  }

  resume(topic: string, partition: number): void {
    this.#consumer?.resume([{ topic, partitions: [partition] }]);
  }

  seek(topic: string, partition: number, offset: bigint): void {
    this.#consumer?.seek({ topic, partition, offset: offset.toString() });
  }

  sinceFetch(): number {
    return performance.now() - this.#fetchedAt;
  }

  isJoined(): boolean {
    return this.#joined;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#supervised;
  }

  async #open(): Promise<Member> {
    const { group, sessionTimeout = SESSION_MS } = this.#options;
    const consumer = this.#kafka.consumer({ ...SETTINGS, sessionTimeout, groupId: group });
    const joined = Promise.withResolvers<void>();
    const gone = Promise.withResolvers<Error>();
    consumer.on(consumer.events.GROUP_JOIN, ({ payload: { memberAssignment } }) => {
      this.#generation += 1;
      this.#joined = true;
      const partitions = Object.entries(memberAssignment).flatMap(([topic, numbers]) =>
        numbers.map((partition) => ({ topic, partition })),
      );
      this.#consumer = consumer;
      const seek: RunningConsumer['seek'] = (topic, partition, offset) => this.seek(topic, partition, offset);
      Promise.resolve(this.#handlers.assigned(partitions, seek)).then(() => joined.resolve(), joined.reject);
    });
    consumer.on(consumer.events.FETCH, () => {
      this.#fetchedAt = performance.now();
    });
    consumer.on(consumer.events.REBALANCING, () => {
      this.#joined = false;
    });
    consumer.on(consumer.events.CRASH, ({ payload: { error } }) => {
      this.#lost();
      joined.reject(error);
      gone.resolve(error);
    });
    try {
      await consumer.connect();
      await consumer.subscribe({ topics: [...this.#options.topics], fromBeginning: true });
      await Promise.all([joined.promise, this.#run(consumer)]);
      return { consumer, gone: gone.promise };
    } catch (error) {
      await consumer.disconnect().catch(() => undefined);
      throw joinError(this.#options.group, error);
    }
  }

  #run(consumer: Consumer): Promise<void> {
    return consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: CONCURRENCY,
      eachBatch: async (payload) => {
        const generation = this.#generation;
        try {
          await this.#handlers.batch(incomingBatch(payload, () => generation === this.#generation));
        } catch (error) {
          throw rebalanceError(error);
        }
      },
    });
  }

  async #supervise(first: Member): Promise<void> {
    const stopped = Promise.withResolvers<undefined>();
    this.#stopping.signal.addEventListener('abort', () => stopped.resolve(undefined), { once: true });
    for (let member: Member | undefined = first; member;) {
      const error: Error | undefined = await Promise.race([stopped.promise, member.gone]);
      await member.consumer.disconnect().catch(() => undefined);
      this.#consumer = undefined;
      this.#lost();
      await this.#handlers.assigned([], () => undefined);
      if (error === undefined) return;
      this.#log.warn({ err: error, group: this.#options.group }, 'the Kafka client gave up, joining the group again');
      member = await this.#reopen();
    }
  }

  async #reopen(): Promise<Member | undefined> {
    const { signal } = this.#stopping;
    for (let attempt = 1; !signal.aborted; attempt++) {
      await sleep(fullJitter(attempt, { baseMs: 250, capMs: 5_000 }), undefined, { signal }).catch(() => undefined);
      try {
        return await this.#open();
      } catch (error) {
        this.#log.warn({ err: error, group: this.#options.group, attempt }, 'could not join the group again');
      }
    }
    return undefined;
  }

  #lost(): void {
    this.#joined = false;
    this.#generation += 1;
  }
}

/** A partition's records of one fetch. `current` returns false if the member has joined again since the fetch. */
function incomingBatch(payload: EachBatchPayload, current: () => boolean): IncomingBatch {
  const { topic, partition, messages, highWatermark } = payload.batch;
  const end = messages.findIndex((message) => unreadableOf(message) !== undefined);
  const readable = end === -1 ? messages : messages.slice(0, end);
  let resolved: bigint | undefined;
  const isStale = (): boolean => !current() || !payload.isRunning() || payload.isStale();
  return {
    topic,
    partition,
    highWatermark: BigInt(highWatermark),
    records: readable.map((message) => incomingRecord(topic, partition, message)),
    unreadable: unreadableOf(messages[readable.length]),
    resolve: (offset) => {
      // after another join the partition may belong to another member
      if (!current()) return;
      resolved = offset;
      payload.resolveOffset(offset.toString());
    },
    commit: async () => {
      if (resolved === undefined || !current()) return;
      const offset = (resolved + 1n).toString();
      await payload.commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition, offset }] }] });
    },
    heartbeat: () => payload.heartbeat(),
    isStale,
  };
}

/** Why a batch of the fetch can't be read. Our patch of kafkajs replaces such a batch with one special message. */
function unreadableOf(message: KafkaMessage | undefined): string | undefined {
  const error: unknown = message && 'unreadable' in message ? message.unreadable : undefined;
  if (error === undefined) return undefined;
  return error instanceof Error ? error.message : String(error);
}

function incomingRecord(topic: string, partition: number, message: KafkaMessage): IncomingRecord {
  return {
    topic,
    partition,
    offset: BigInt(message.offset),
    key: message.key,
    value: message.value,
    headers: headersOf(message.headers),
    timestamp: timestampOf(message.timestamp),
  };
}

/** The year 10,000. */
const MAX_MILLISECONDS = 253_402_300_800_000;

/** A broker accepts any 64 bits as a timestamp, and -1 means none. */
function timestampOf(milliseconds: string): Date {
  const number = Number(milliseconds);
  return new Date(number >= 0 && number < MAX_MILLISECONDS ? number : 0);
}

function headersOf(headers: IHeaders | undefined): IncomingRecord['headers'] {
  return Object.fromEntries(
    Object.entries(headers ?? {}).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map(headerBytes) : headerBytes(value),
    ]),
  );
}

/** The types of kafkajs leave out that a header may be null. */
function headerBytes(value: string | Buffer | null | undefined): Uint8Array | null {
  return typeof value === 'string' ? Buffer.from(value) : (value ?? null);
}

/** The error that makes kafkajs join again. Any other error makes it retry or give up. */
function rebalanceError(cause: unknown): unknown {
  if (!(cause instanceof RejoinGroup)) return cause;
  return new kafkajs.KafkaJSProtocolError(Object.assign(cause, { type: 'REBALANCE_IN_PROGRESS', retriable: true }));
}
