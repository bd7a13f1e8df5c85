import { randomUUID } from 'node:crypto';
import { failpoint } from '../../failpoint.ts';
import type { RelayEffect, RelayInput, Trouble } from './state.ts';
import { relayStart, relayStep } from './step.ts';
import type { ServiceContract } from '../../contract/service.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Store } from '../../ports/sql.ts';
import type { OutboxMeters } from '../meters.ts';
import { Sleeper } from '../../time/sleeper.ts';
import { keepLease, type Lease } from './lease/driver.ts';
import { claimedRow, outgoingRecord, type ClaimedRow, TopicPartitions } from './outgoing.ts';
import { sendRefusalOf, type KafkaPort } from '../../ports/kafka.ts';
import type { SchemaIds } from './schemaIds.ts';
import { CLAIM, DELETE, MARK_DEAD, type OutboxRow } from './statements.ts';

export interface RelayOptions {
  readonly contract: Pick<ServiceContract<never, never>, 'service' | 'messages'>;
  readonly store: Store;
  readonly kafka: KafkaPort;
  readonly clock: Clock;
  /** Put before topics and subjects. */
  readonly namespace: string;
  readonly log: Log;
  readonly meters: OutboxMeters;
  readonly schemaIds: SchemaIds;
}

/** Stands for the number of partitions of a topic that is in trouble. */
const UNKNOWN_PARTITIONS = 1;

/** Performs the effects that `relayStep` asks for, with database, broker and clock. */
export class Relay {
  readonly #options: RelayOptions;
  readonly #partitions: TopicPartitions;
  readonly #sleeper: Sleeper;
  readonly #lease: Lease;
  readonly #running: Promise<void>;
  #step = relayStart<ClaimedRow>();
  /**
   * The lease's epoch when the current rows were claimed. Under another epoch, another relay may have changed their
   * keys.
   */
  #epoch: bigint | undefined;

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#partitions = new TopicPartitions(options.kafka);
    this.#sleeper = new Sleeper(options.clock);
    this.#lease = keepLease(options, randomUUID(), (leads) => {
      options.meters.leads.set(leads ? 1 : 0);
      if (leads) this.#sleeper.wake();
    });
    this.#running = this.#run();
  }

  wake(): void {
    this.#sleeper.wake();
  }

  /** Topics that can't be written now, and why. */
  troubles(): ReadonlyMap<string, Trouble> {
    return this.#step[0].troubled;
  }

  /** Whether the database has answered the last question for the lease. */
  connected(): boolean {
    return this.#lease.connected();
  }

  /** Publishes what can be published now, and gives the lease back. */
  async stop(): Promise<void> {
    this.#step = [relayStep(this.#step[0], { kind: 'stop' })[0], this.#step[1]];
    this.#sleeper.stop();
    await this.#running;
    await this.#lease.stop();
  }

  async #run(): Promise<void> {
    for (;;) {
      const [effect] = this.#step[1];
      if (effect === undefined || effect.kind === 'end') return;
      const input = await this.#perform(effect).catch((error: unknown): RelayInput<ClaimedRow> => {
        this.#options.log.warn({ err: error, effect: effect.kind }, 'the relay could not use the database');
        return { kind: 'failed' };
      });
      if (input.kind === 'fenced') this.#lease.lost();
      this.#step = relayStep(this.#step[0], input);
    }
  }

  async #perform(effect: Exclude<RelayEffect<ClaimedRow>, { kind: 'end' }>): Promise<RelayInput<ClaimedRow>> {
    switch (effect.kind) {
      case 'sleep':
        await this.#sleeper.sleep(effect.ms, effect);
        return this.#slept();
      case 'claim':
        return this.#claim(effect);
      case 'send':
        return this.#send(effect.rows);
      case 'delete':
        return this.#delete(effect.rows);
      case 'markDead':
        return this.#markDead(effect.row, effect.reason);
    }
  }

  /**
   * The epoch under which the current rows may be sent and deleted; undefined if the lease has changed since their
   * claim.
   */
  #currentEpoch(): bigint | undefined {
    return this.#epoch === this.#lease.epoch() ? this.#epoch : undefined;
  }

  #slept(): RelayInput<ClaimedRow> {
    const now = this.#options.clock.monotonic();
    this.#epoch = this.#lease.epoch();
    return { kind: 'slept', now, leads: this.#epoch !== undefined };
  }

  async #claim({
    limit,
    exceptTopics,
  }: Extract<RelayEffect<ClaimedRow>, { kind: 'claim' }>): Promise<RelayInput<ClaimedRow>> {
    const { store, clock } = this.#options;
    const found = await store.read((session) => session.query<OutboxRow>(CLAIM, [limit, exceptTopics]));
    failpoint('after-claim');
    const trouble = new Map<string, Trouble>();
    const rows = [];
    for (const row of found) rows.push(await this.#claimedRow(row, trouble));
    return { kind: 'claimed', now: clock.monotonic(), rows, trouble };
  }

  /**
   * The row with its partition and schema id. If one of them is unknown, its topic is in trouble and the row is not
   * sent.
   */
  async #claimedRow(row: OutboxRow, trouble: Map<string, Trouble>): Promise<ClaimedRow> {
    const { namespace, schemaIds } = this.#options;
    const topic = namespace + row.topic;
    const { fingerprint } = row;
    const schema = fingerprint === null ? undefined : { topic: row.topic, type: row.ce_type, fingerprint };
    let partitions: number | Trouble | undefined = this.#partitions.known(topic);
    let schemaId: number | Trouble | undefined = schema && schemaIds.known(schema);
    if (trouble.has(row.topic)) return claimedRow(row, UNKNOWN_PARTITIONS, undefined);
    partitions ??= await this.#partitions.find(topic);
    if (schema) schemaId ??= await schemaIds.find(schema);
    if (typeof partitions === 'object') trouble.set(row.topic, partitions);
    else if (typeof schemaId === 'object') trouble.set(row.topic, schemaId);
    else return claimedRow(row, partitions, schemaId);
    return claimedRow(row, UNKNOWN_PARTITIONS, undefined);
  }

  async #send(rows: readonly ClaimedRow[]): Promise<RelayInput<ClaimedRow>> {
    const { kafka, namespace, contract, clock, log, meters } = this.#options;
    if (!this.#currentEpoch()) return { kind: 'fenced' };
    try {
      await kafka.send(rows.map((row) => outgoingRecord(row, namespace, contract.service)));
    } catch (error) {
      const refusal = sendRefusalOf(error);
      if (refusal && !refusal.retriable) return { kind: 'refused', now: clock.monotonic(), ...refusal };
      log.warn({ err: error, rows: rows.length }, 'could not publish events, will try again');
      return { kind: 'unsent' };
    }
    failpoint('after-ack');
    for (const [topic, { length }] of Map.groupBy(rows, ({ topic }) => topic)) meters.published.add(length, { topic });
    return { kind: 'sent' };
  }

  async #delete(rows: readonly ClaimedRow[]): Promise<RelayInput<ClaimedRow>> {
    const epoch = this.#currentEpoch();
    if (epoch === undefined) return { kind: 'fenced' };
    const ids = rows.map(({ id }) => id);
    const [row] = await this.#options.store.read((session) => session.query<{ mine: bigint }>(DELETE, [epoch, ids]));
    if (row?.mine !== 1n) return { kind: 'fenced' };
    failpoint('after-delete');
    return { kind: 'deleted' };
  }

  async #markDead({ id, topic, partition, row }: ClaimedRow, reason: string): Promise<RelayInput<ClaimedRow>> {
    const { store, clock, log, meters } = this.#options;
    const epoch = this.#currentEpoch();
    if (epoch === undefined) return { kind: 'fenced' };
    const [answer] = await store.read((session) =>
      session.query<{ mine: bigint }>(MARK_DEAD, [epoch, id, partition, reason, clock.now()]),
    );
    if (answer?.mine !== 1n) return { kind: 'fenced' };
    meters.dead.add(1, { reason: 'refused' });
    log.error(
      { topic, eventId: row.ce_id, type: row.ce_type, correlationId: row.correlation_id, reason },
      'the broker refuses the event for good: it is dead, and later events of its key wait',
    );
    return { kind: 'markedDead' };
  }
}
