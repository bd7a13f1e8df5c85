import { AtlasError } from '../contract/atlasError.ts';
import type { IncomingRecord } from '../ports/kafka.ts';
import { receivedOf, type Received } from '../record/headers.ts';
import type { Sleeper } from '../time/sleeper.ts';
import { giveUp, holdKey } from './deadLetter.ts';
import { deliveryOf, logConsumed, logFieldsOf, type Consumer, type Consumers, type Delivery } from './delivery.ts';
import type { Fence } from './fences.ts';
import type { Slots } from './lanes/driver.ts';
import { countApplied } from './meters.ts';
import type { InboxOptions } from './options.ts';
import { SequenceAlarm } from './sequences.ts';
import { recordStart, recordStep, type LastEffect, type RecordEffect, type RecordInput } from './step.ts';
import { apply, park } from './transaction.ts';

const UNAVAILABLE_MS = 1_000;

/** A record of a batch, with what is known about it. */
export interface Taken {
  readonly record: IncomingRecord;
  readonly received: Received;
  /** Undefined if its type is not declared. `unavailable` if only the registry knows its type and does not answer. */
  readonly delivery: Delivery | 'unavailable' | undefined;
}

/** How the batch of a record goes on. */
export interface Around {
  readonly fence: Fence;
  readonly mustStop: () => boolean;
  /** How often in a row the partition has waited for the database or the registry. */
  readonly postponed: number;
  /**
   * Called for the last of the records of a set that were consumed alone, while others of the set are not consumed yet.
   */
  readonly consumed: (record: IncomingRecord) => void;
  /** Called if a transaction has stored that the partition is consumed up to and including this record. */
  readonly kept: (record: IncomingRecord) => void;
  /** Whether the transaction of a record stores the offset. Then no other record of the partition may be under way. */
  readonly keepsOffset: boolean;
}

/** Consumes records one by one, each in its transaction. It performs the effects that `recordStep` asks for. */
export class Singles {
  readonly #options: InboxOptions;
  readonly #consumers: Consumers;
  readonly #slots: Slots;
  readonly #sleeper: Sleeper;
  readonly #onParked: () => void;
  readonly #alarm: SequenceAlarm;

  constructor(
    options: InboxOptions,
    given: {
      readonly consumers: Consumers;
      readonly slots: Slots;
      readonly sleeper: Sleeper;
      readonly onParked: () => void;
    },
  ) {
    this.#options = options;
    this.#consumers = given.consumers;
    this.#slots = given.slots;
    this.#sleeper = given.sleeper;
    this.#onParked = given.onParked;
    this.#alarm = new SequenceAlarm(options);
  }

  /** Forgets all partitions, because others are assigned now. */
  clear(): void {
    this.#alarm.clear();
  }

  async take(record: IncomingRecord): Promise<Taken> {
    const received = receivedOf(record);
    return { record, received, delivery: await this.#deliveryOf(record, received) };
  }

  async consume(taken: Taken, around: Around): Promise<LastEffect> {
    const { delivery } = taken;
    const { mustStop, postponed } = around;
    if (delivery === 'unavailable') return { kind: 'postpone', ms: UNAVAILABLE_MS };
    if (delivery === undefined) {
      this.skipped(taken);
      return { kind: 'done', how: 'duplicate' };
    }
    const { consumer } = delivery;
    const takenAt = this.#options.clock.monotonic();
    let [state, effect] = recordStart(consumer.contract.retry, postponed);
    while (effect.kind !== 'done' && effect.kind !== 'postpone' && effect.kind !== 'leave') {
      if (mustStop()) return { kind: 'postpone', ms: 0 };
      const input = await this.#perform(effect, delivery, around, takenAt);
      [state, effect] = recordStep(state, input);
    }
    if (effect.kind === 'done') this.done(taken, consumer, effect.how === 'duplicate');
    return effect;
  }

  /** Counts a record whose type is not declared. */
  skipped({ record, received }: Taken): void {
    this.#options.meters.skipped.add(1, { topic: this.#topicLabel(record) });
    this.#alarm.follow(record, received, this.#topicLabel(record), true);
  }

  /** Counts a record that needs nothing more. */
  done({ record, received }: Pick<Taken, 'record' | 'received'>, { contract }: Consumer, isCopy: boolean): void {
    if (isCopy) this.#options.meters.duplicate.add(1, { consumer: contract.name });
    this.#alarm.follow(record, received, this.#topicLabel(record), isCopy);
  }

  async #perform(
    effect: Exclude<RecordEffect, LastEffect>,
    delivery: Delivery,
    { fence, kept, keepsOffset }: Around,
    takenAt: number,
  ): Promise<RecordInput> {
    const { log, meters, clock } = this.#options;
    const { contract } = delivery.consumer;
    const fields = logFieldsOf(delivery);
    switch (effect.kind) {
      case 'apply': {
        const input = await this.#slots.use(() =>
          apply(this.#options, delivery, fence, { attempt: effect.attempt, keepsOffset }),
        );
        const ms = clock.monotonic() - takenAt;
        if (input.kind === 'committed') {
          const { outcome, noop } = input;
          if (keepsOffset) kept(delivery.record);
          if (outcome === 'applied') countApplied(meters, contract.name, noop);
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
  async #deliveryOf(record: IncomingRecord, received: Received): Promise<Taken['delivery']> {
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

  /** The topic as metrics name it: without the namespace, as in the relay's metrics. */
  #topicLabel({ topic }: IncomingRecord): string {
    return topic.slice(this.#options.namespace.length);
  }
}
