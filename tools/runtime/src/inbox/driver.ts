import type { InboxOptions } from './options.ts';
import { failpoint } from '../failpoint.ts';
import { RejoinGroup, type IncomingBatch, type IncomingRecord } from '../ports/kafka.ts';
import { receivedOf } from '../record/envelope.ts';
import { Sequences } from './sequences.ts';
import { recordStart, recordStep, type RecordEffect, type RecordInput } from './step.ts';
import { Rest } from '../time/sleeper.ts';
import { countApplied } from './meters.ts';
import { bury, holdKey } from './deadLetter.ts';
import { deliveryOf, fieldsOf, type Delivery, type Reader } from './delivery.ts';
import type { Fence } from './fences.ts';
import { apply, park } from './transaction.ts';

export type Ending = Extract<RecordEffect, { kind: 'done' | 'postpone' | 'leave' }>;

/** Offsets are committed at a batch's end and so often within it; the inbox makes up for those that a crash forgets. */
const COMMIT_EVERY_MS = 500;
const POSTPONE_MS = 1_000;

/** Reads batches of one group: each record of a declared type in its transaction, then its offset. */
export class Consumer {
  readonly #options: InboxOptions;
  /** By `topic\ntype`, with the namespace. */
  readonly #readers: ReadonlyMap<string, Reader>;
  readonly #parked: (ms: number) => void;
  readonly #rest: Rest;
  readonly #sequences = new Map<string, Sequences>();
  readonly #postponed = new Map<string, number>();

  constructor(options: InboxOptions, readers: ReadonlyMap<string, Reader>, parked: (ms: number) => void) {
    this.#options = options;
    this.#readers = readers;
    this.#parked = parked;
    this.#rest = new Rest(options.clock);
  }

  assigned(partitions: readonly { readonly topic: string; readonly partition: number }[]): void {
    this.#options.fences.assigned(partitions);
    this.#sequences.clear();
    this.#postponed.clear();
  }

  /** Rests end and batches are left, so that the group can be. */
  stop(): void {
    this.#rest.stop();
  }

  /** Works through a batch. Gives the milliseconds after which to come back to the first record that could not be settled now. */
  async batch(batch: IncomingBatch): Promise<number | undefined> {
    const { topic, partition } = batch;
    const place = `${topic}/${partition}`;
    const now = (): number => this.#options.clock.now().getTime();
    let fence: Fence | undefined;
    let committed = now();
    try {
      for (const record of batch.records) {
        if (batch.isStale() || this.#rest.stopped) return undefined;
        fence ??= await this.#fence(topic, partition);
        if (!fence) return POSTPONE_MS;
        const ending = await this.#record(record, fence, batch, this.#postponed.get(place) ?? 0);
        if (ending.kind === 'leave') {
          this.#options.meters.fenced.add();
          throw new RejoinGroup(topic, partition);
        }
        if (ending.kind === 'postpone') {
          this.#postponed.set(place, (this.#postponed.get(place) ?? 0) + 1);
          return ending.ms;
        }
        this.#postponed.delete(place);
        failpoint('after-consume-commit');
        batch.resolve(record.offset);
        if (now() - committed > COMMIT_EVERY_MS) {
          await batch.commit();
          committed = now();
        }
        await batch.heartbeat();
      }
      return undefined;
    } finally {
      await batch.commit().then(
        () => failpoint('after-offset-commit'),
        (error: unknown) => this.#options.log.warn({ err: error, topic, partition }, 'offsets were not committed'),
      );
    }
  }

  /** Undefined while the database can't be asked. Throws `RejoinGroup` where the partition isn't this member's. */
  async #fence(topic: string, partition: number): Promise<Fence | undefined> {
    try {
      return await this.#options.fences.of(topic, partition);
    } catch (error) {
      if (error instanceof RejoinGroup) throw error;
      this.#options.log.warn({ err: error, topic, partition }, 'could not raise the fence, trying again');
      return undefined;
    }
  }

  async #record(record: IncomingRecord, fence: Fence, batch: IncomingBatch, postponed: number): Promise<Ending> {
    const found = await this.#readerOf(record);
    if (found === 'away') return { kind: 'postpone', ms: POSTPONE_MS };
    if (found === undefined) {
      this.#options.meters.skipped.add(1, { topic: this.#label(record) });
      this.#follow(record, false);
      return { kind: 'done', how: 'duplicate' };
    }
    const delivery = deliveryOf(record, found);
    let [state, effect] = recordStart(found.contract.retry, postponed);
    while (effect.kind !== 'done' && effect.kind !== 'postpone' && effect.kind !== 'leave') {
      if (batch.isStale() || this.#rest.stopped) return { kind: 'postpone', ms: 0 };
      const input = await this.#perform(effect, delivery, fence);
      if (input.kind === 'failed' || input.kind === 'away') await batch.heartbeat();
      [state, effect] = recordStep(state, input);
    }
    if (effect.kind === 'done') this.#count(delivery, effect.how);
    return effect;
  }

  async #perform(effect: Exclude<RecordEffect, Ending>, delivery: Delivery, fence: Fence): Promise<RecordInput> {
    const { log, meters } = this.#options;
    const { reader } = delivery;
    const fields = fieldsOf(delivery);
    switch (effect.kind) {
      case 'apply': {
        const input = await apply(this.#options, delivery, fence, effect.attempt);
        if (input.kind === 'settled' && input.how === 'applied') countApplied(meters, reader.contract.name, input);
        if (input.kind === 'failed')
          log.warn({ ...fields, attempt: effect.attempt, error: input.error }, 'a consumer failed');
        return input;
      }
      case 'rest':
        await this.#rest.rest(effect.ms, { wakes: false });
        return { kind: 'rested' };
      case 'park': {
        const input = await park(this.#options, delivery, fence, effect);
        if (input.kind === 'parked') {
          log.warn({ ...fields, error: effect.error }, 'the key is parked: its events wait, others go on');
          this.#parked(effect.ms);
        }
        return input;
      }
      case 'bury': {
        const hold = effect.reason === 'failed' && reader.contract.retry.onDead === 'hold';
        return bury({ ...this.#options, meters }, delivery, fence, effect, async (session, now) => {
          if (hold) await holdKey(session, delivery, effect, now);
        });
      }
    }
  }

  /** Who reads the record: by `ce_type`, else by its writer's schema; nobody where the type is not declared. */
  async #readerOf(record: IncomingRecord): Promise<Reader | 'away' | undefined> {
    const { type } = receivedOf(record);
    if (type !== undefined) return this.#readers.get(`${record.topic}\n${type}`);
    try {
      const name = await this.#options.decoders.typeOf(record.value);
      return name === undefined ? undefined : this.#readers.get(`${record.topic}\n${name}`);
    } catch (error) {
      const { id: eventId, correlationId } = receivedOf(record);
      this.#options.log.warn({ err: error, eventId, correlationId, topic: record.topic }, 'an event has to wait');
      return 'away';
    }
  }

  /** The topic as the relay's counters have it: without the namespace. */
  #label({ topic }: IncomingRecord): string {
    return topic.slice(this.#options.namespace.length);
  }

  #count({ record, reader }: Delivery, how: Extract<Ending, { kind: 'done' }>['how']): void {
    const { meters } = this.#options;
    const consumer = reader.contract.name;
    if (how === 'duplicate') meters.duplicate.add(1, { consumer });
    this.#follow(record, how !== 'duplicate');
  }

  /** Raises the alarm where a key's events are not contiguous. A copy may step back. */
  #follow(record: IncomingRecord, effective: boolean): void {
    const { sequence, type, id, correlationId } = receivedOf(record);
    if (sequence === undefined || record.key === null) return;
    const place = `${record.topic}/${record.partition}`;
    const sequences = this.#sequences.get(place) ?? new Sequences();
    this.#sequences.set(place, sequences);
    const kind = sequences.follow(Buffer.from(record.key).toString('latin1'), sequence);
    if (kind !== 'gap' && !(kind === 'back' && effective)) return;
    const { meters, log } = this.#options;
    meters.sequence.add(1, { topic: this.#label(record), kind });
    log.error(
      { topic: record.topic, eventId: id, correlationId, type, sequence: String(sequence), kind },
      'ce_sequence is not contiguous',
    );
  }
}
