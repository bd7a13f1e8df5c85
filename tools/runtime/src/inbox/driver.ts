import { AtlasError } from '../contract/atlasError.ts';
import { failpoint } from '../failpoint.ts';
import { RejoinGroup, type IncomingBatch, type IncomingRecord } from '../ports/kafka.ts';
import { receivedOf, type Received } from '../record/headers.ts';
import { Sleeper } from '../time/sleeper.ts';
import { giveUp, holdKey } from './deadLetter.ts';
import {
  deliveryOf,
  logConsumed,
  logFieldsOf,
  parkingKeyOf,
  type Consumer,
  type Consumers,
  type Delivery,
} from './delivery.ts';
import type { Fence } from './fences.ts';
import { runLanes, Slots } from './lanes/driver.ts';
import type { LanesEnd } from './lanes/step.ts';
import { countApplied } from './meters.ts';
import type { InboxOptions } from './options.ts';
import { Pulse } from './pulse.ts';
import { SequenceAlarm } from './sequences.ts';
import { recordStart, recordStep, type RecordEffect, type RecordInput } from './step.ts';
import { apply, park } from './transaction.ts';

type LastEffect = Extract<RecordEffect, { kind: 'done' | 'postpone' | 'leave' }>;

/** Offsets are committed at the end of a batch, and this often within it. After a crash the inbox drops the copies. */
const COMMIT_EVERY_MS = 500;
const POSTPONE_MS = 1_000;
/** Another version of this service may be able to read the batch, so this one looks at it again only now and then. */
const UNREADABLE_MS = 10_000;
const HELD_MS = 5_000;

/** So many keys of a partition are in work at a time. */
const LANES = 4;
/** So many transactions run at a time. The store has two connections more, for the retrier, fences and offsets. */
const TRANSACTIONS = 8;

/** How far a batch has come. */
interface Done {
  fence: Fence | undefined;
  /** The first offset that is not consumed. */
  next: bigint | undefined;
  /** The timestamp of the record before it. */
  writtenAt: Date;
}

/**
 * Consumes the batches of a group's partitions: each record of a declared type in its transaction, then its offset. It
 * performs the effects that `recordStep` asks for.
 */
export class Inbox {
  readonly #options: InboxOptions;
  readonly #consumers: Consumers;
  readonly #onParked: () => void;
  readonly #sleeper: Sleeper;
  readonly #alarm: SequenceAlarm;
  readonly #slots = new Slots(TRANSACTIONS);
  /** By partition: how often in a row its first record had to wait for database or registry. */
  readonly #postponed = new Map<string, number>();
  /** By partition: why its next bytes can't be read. */
  readonly #unreadable = new Map<string, string>();

  constructor(options: InboxOptions, consumers: Consumers, onParked: () => void) {
    this.#options = options;
    this.#consumers = consumers;
    this.#onParked = onParked;
    this.#sleeper = new Sleeper(options.clock);
    this.#alarm = new SequenceAlarm(options);
  }

  assigned(partitions: readonly { readonly topic: string; readonly partition: number }[]): void {
    this.#options.fences.assigned(partitions);
    this.#alarm.clear();
    this.#postponed.clear();
    this.#unreadable.clear();
  }

  /** The partitions that stand before bytes that can't be read, and why. */
  unreadable(): ReadonlyMap<string, string> {
    return this.#unreadable;
  }

  /** Ends sleeps and leaves batches, so that the member can leave its group. */
  stop(): void {
    this.#sleeper.stop();
  }

  /** Consumes a batch. If a record has to wait, returns the milliseconds after which to come back to it. */
  async batch(batch: IncomingBatch): Promise<number | undefined> {
    const { topic, partition, records } = batch;
    const name = `${topic}/${partition}`;
    const done: Done = { next: undefined, fence: undefined, writtenAt: new Date(0) };
    const pulse = new Pulse(batch);
    try {
      if (records.length > 0) {
        if (this.#mustStop(batch)) return undefined;
        const start = await this.#start(topic, partition);
        if (start.kind !== 'here') return start.ms;
        done.fence = start.fence;
        const end = await this.#lanes(batch, start.fence, done, pulse);
        pulse.check();
        switch (end.kind) {
          case 'finished':
            break;
          case 'postponed':
            this.#postponed.set(name, (this.#postponed.get(name) ?? 0) + 1);
            return end.ms;
          case 'left':
            this.#options.meters.fenced.add();
            throw new RejoinGroup(topic, partition);
          case 'stopped':
            return undefined;
        }
      }
      return this.#afterRecords(batch, name);
    } finally {
      pulse.stop();
      await this.#commit(batch, done).then(
        () => failpoint('after-offset-commit'),
        (error: unknown) => {
          // another owner goes on from what was committed before
          if (!(error instanceof RejoinGroup))
            this.#options.log.warn({ err: error, topic, partition }, 'could not commit offsets');
        },
      );
    }
  }

  /** Records of one key one after the other, those of different keys side by side. */
  #lanes(batch: IncomingBatch, fence: Fence, done: Done, pulse: Pulse): Promise<LanesEnd> {
    const { records, topic, partition } = batch;
    const name = `${topic}/${partition}`;
    const now = (): number => this.#options.clock.monotonic();
    let committedAt = now();
    const { progress } = this.#options;
    if (records[0]) progress.head(records[0]);
    const keys = records.map((record) => Buffer.from(parkingKeyOf(record)).toString('latin1'));
    return runLanes(keys, LANES, {
      mustStop: () => this.#mustStop(batch) || pulse.failed(),
      run: async (index) => {
        const record = records[index];
        if (!record) throw new Error(`the batch has no record ${index}`);
        const last = await this.#record(record, fence, batch, this.#postponed.get(name) ?? 0);
        if (last.kind === 'leave') return { kind: 'left' };
        if (last.kind === 'postpone') return { kind: 'postponed', ms: last.ms };
        failpoint('after-consume-commit');
        return undefined;
      },
      resolve: async (index) => {
        const record = records[index];
        if (!record) return;
        this.#postponed.delete(name);
        batch.resolve(record.offset);
        done.next = record.offset + 1n;
        done.writtenAt = record.timestamp;
        progress.moved(topic, partition, done.next);
        const following = records[index + 1];
        if (following) progress.head(following);
        if (now() - committedAt <= COMMIT_EVERY_MS) return;
        await this.#commit(batch, done);
        committedAt = now();
      },
    });
  }

  #mustStop(batch: IncomingBatch): boolean {
    return batch.isStale() || this.#sleeper.stopped;
  }

  /** The database first: its offset behind that of Kafka says that it was restored. */
  async #commit(batch: IncomingBatch, { fence, next, writtenAt }: Done): Promise<void> {
    if (!fence || next === undefined) return;
    await this.#options.offsets.keep(fence, next, writtenAt);
    await batch.commit();
  }

  #afterRecords({ topic, partition, unreadable }: IncomingBatch, name: string): number | undefined {
    if (unreadable === undefined) {
      this.#unreadable.delete(name);
      return undefined;
    }
    if (!this.#unreadable.has(name))
      this.#options.log.error({ topic, partition, error: unreadable }, "a batch can't be read: its partition waits");
    this.#unreadable.set(name, unreadable);
    return UNREADABLE_MS;
  }

  /**
   * The fence, if the partition goes on with this batch. Otherwise the batch is left, and comes back after `ms` unless
   * its partition has moved. Throws `RejoinGroup` if this member does not own the partition.
   */
  async #start(
    topic: string,
    partition: number,
  ): Promise<
    { readonly kind: 'here'; readonly fence: Fence } | { readonly kind: 'leave'; readonly ms: number | undefined }
  > {
    const { fences, offsets, log } = this.#options;
    try {
      const start = await offsets.startOf(topic, partition);
      if (start === 'here') return { kind: 'here', fence: await fences.of(topic, partition) };
      return { kind: 'leave', ms: start === 'held' ? HELD_MS : undefined };
    } catch (error) {
      if (error instanceof RejoinGroup) throw error;
      log.warn({ err: error, topic, partition }, 'could not take over a partition, will try again');
      return { kind: 'leave', ms: POSTPONE_MS };
    }
  }

  async #record(record: IncomingRecord, fence: Fence, batch: IncomingBatch, postponed: number): Promise<LastEffect> {
    const received = receivedOf(record);
    const delivery = await this.#deliveryOf(record, received);
    if (delivery === 'unavailable') return { kind: 'postpone', ms: POSTPONE_MS };
    if (delivery === undefined) {
      this.#options.meters.skipped.add(1, { topic: this.#topicLabel(record) });
      this.#alarm.follow(record, received, this.#topicLabel(record), true);
      return { kind: 'done', how: 'duplicate' };
    }
    const { consumer } = delivery;
    const takenAt = this.#options.clock.monotonic();
    let [state, effect] = recordStart(consumer.contract.retry, postponed);
    while (effect.kind !== 'done' && effect.kind !== 'postpone' && effect.kind !== 'leave') {
      if (this.#mustStop(batch)) return { kind: 'postpone', ms: 0 };
      const input = await this.#perform(effect, delivery, fence, takenAt);
      [state, effect] = recordStep(state, input);
    }
    if (effect.kind === 'done') {
      const isCopy = effect.how === 'duplicate';
      if (isCopy) this.#options.meters.duplicate.add(1, { consumer: consumer.contract.name });
      this.#alarm.follow(record, received, this.#topicLabel(record), isCopy);
    }
    return effect;
  }

  async #perform(
    effect: Exclude<RecordEffect, LastEffect>,
    delivery: Delivery,
    fence: Fence,
    takenAt: number,
  ): Promise<RecordInput> {
    const { log, meters, clock } = this.#options;
    const { contract } = delivery.consumer;
    const fields = logFieldsOf(delivery);
    switch (effect.kind) {
      case 'apply': {
        const input = await this.#slots.use(() => apply(this.#options, delivery, fence, effect.attempt));
        const ms = clock.monotonic() - takenAt;
        if (input.kind === 'committed') {
          if (input.outcome === 'applied') countApplied(meters, contract.name, input);
          const { outcome, noop } = input;
          logConsumed(log, delivery, { outcome, noop, attempt: effect.attempt, ms });
        }
        if (input.kind === 'unknownSchema') this.#sawUnknown(delivery);
        return input.kind === 'failed' ? { ...input, ms } : input;
      }
      case 'sleep':
        await this.#sleeper.sleep(effect.ms, { wakeable: false });
        return { kind: 'slept' };
      case 'park': {
        const input = await this.#slots.use(() => park(this.#options, delivery, fence, effect));
        if (input.kind === 'parked') {
          log.warn({ ...fields, error: effect.error }, 'the key is parked: its events wait, other keys go on');
          this.#onParked();
        }
        return input;
      }
      case 'deadLetter': {
        const hold = effect.reason === 'failed' && contract.retry.onDead === 'hold';
        return this.#slots.use(() =>
          giveUp(this.#options, delivery, fence, effect, async (session) => {
            if (hold) await holdKey(session, delivery, effect);
          }),
        );
      }
    }
  }

  #sawUnknown(delivery: Delivery): void {
    const { meters, unknownSchemas } = this.#options;
    meters.unknownSchema.add(1, { consumer: delivery.consumer.contract.name });
    unknownSchemas.saw(delivery.received.id);
  }

  /**
   * Finds the consumer by `ce_type`, else by the name of the writer's schema. Undefined if the type is not declared.
   */
  async #deliveryOf(record: IncomingRecord, received: Received): Promise<Delivery | 'unavailable' | undefined> {
    const { topic } = record;
    const { id: eventId, correlationId } = received;
    const delivered = (consumer: Consumer | undefined, unknown?: AtlasError): Delivery | undefined =>
      consumer && deliveryOf(record, received, consumer, unknown);
    try {
      const type = received.type ?? (await this.#options.decoders.typeOf(record.value));
      return type === undefined ? undefined : delivered(this.#consumers.ofType(topic, type));
    } catch (error) {
      if (error instanceof AtlasError && error.code === 'ATLAS_SCHEMA_UNKNOWN')
        return delivered(this.#consumers.standInOf(topic), error);
      this.#options.log.warn({ err: error, eventId, correlationId, topic }, 'an event has to wait');
      return 'unavailable';
    }
  }

  /** The topic in metrics: without the namespace, like in the relay's. */
  #topicLabel({ topic }: IncomingRecord): string {
    return topic.slice(this.#options.namespace.length);
  }
}
