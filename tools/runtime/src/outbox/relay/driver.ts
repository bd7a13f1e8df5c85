import { randomUUID } from 'node:crypto';
import { failpoint } from '../../failpoint.ts';
import type { RelayEffect, RelayInput, Trouble } from './state.ts';
import { relayStart, relayStep } from './step.ts';
import type { ServiceContract } from '../../contract/service.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Store } from '../../ports/sql.ts';
import type { OutboxMeters } from '../meters.ts';
import { Rest } from '../../time/sleeper.ts';
import { keepLease, type Lease } from './lease/driver.ts';
import { claimedRow, outgoing, type ClaimedRow } from './outgoing.ts';
import { Places } from './topicPartitions.ts';
import { sendRefusalOf, type KafkaPort } from '../../ports/kafka.ts';
import type { Schemas } from './schemas.ts';
import { BURY, CLAIM, DELETE, type OutboxRow } from './statements.ts';

export interface RelayOptions {
  readonly contract: Pick<ServiceContract<never, never>, 'service' | 'messages'>;
  readonly store: Store;
  readonly kafka: KafkaPort;
  readonly clock: Clock;
  /** Put before topics and subjects. */
  readonly namespace: string;
  readonly log: Log;
  readonly meters: OutboxMeters;
  readonly schemas: Schemas;
}

const UNKNOWN_PARTITIONS = 1;

/** Runs the relay's core: its effects against database and broker, its waits against the clock. */
export class Relay {
  readonly #options: RelayOptions;
  readonly #places: Places;
  readonly #rest: Rest;
  readonly #lease: Lease;
  readonly #running: Promise<void>;
  #core = relayStart<ClaimedRow>();
  /** Under which the rows that are under way were claimed: what another epoch did to their keys is not known here. */
  #epoch: bigint | undefined;

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#places = new Places(options.kafka);
    this.#rest = new Rest(options.clock);
    this.#lease = keepLease(options, randomUUID(), (leads) => {
      options.meters.leads.set(leads ? 1 : 0);
      if (leads) this.#rest.wake();
    });
    this.#running = this.#run();
  }

  wake(): void {
    this.#rest.wake();
  }

  /** Topics that can't be written as things are, and why. */
  troubles(): ReadonlyMap<string, Trouble> {
    return this.#core[0].troubled;
  }

  /** The database could be asked for the lease lately. */
  connected(): boolean {
    return this.#lease.asked();
  }

  /** Publishes what is there, as far as that is possible now, and gives the lease back. */
  async stop(): Promise<void> {
    this.#core = [relayStep(this.#core[0], { kind: 'stop' })[0], this.#core[1]];
    this.#rest.stop();
    await this.#running;
    await this.#lease.stop();
  }

  async #run(): Promise<void> {
    for (;;) {
      const [effect] = this.#core[1];
      if (effect === undefined || effect.kind === 'end') return;
      const input = await this.#perform(effect).catch((error: unknown): RelayInput<ClaimedRow> => {
        this.#options.log.warn({ err: error, effect: effect.kind }, 'the relay could not reach the database');
        return { kind: 'failed' };
      });
      if (input.kind === 'fenced') this.#lease.lost();
      this.#core = relayStep(this.#core[0], input);
    }
  }

  async #perform(effect: Exclude<RelayEffect<ClaimedRow>, { kind: 'end' }>): Promise<RelayInput<ClaimedRow>> {
    switch (effect.kind) {
      case 'rest':
        await this.#rest.rest(effect.ms, effect);
        return this.#rested();
      case 'claim':
        return this.#claim(effect);
      case 'send':
        return this.#send(effect.rows);
      case 'delete':
        return this.#delete(effect.rows);
      case 'bury':
        return this.#bury(effect.row, effect.reason);
    }
  }

  #leads(): bigint | undefined {
    return this.#epoch === this.#lease.epoch() ? this.#epoch : undefined;
  }

  #rested(): RelayInput<ClaimedRow> {
    const now = this.#options.clock.now().getTime();
    this.#epoch = this.#lease.epoch();
    const leads = this.#epoch !== undefined;
    return { kind: 'rested', now, leads };
  }

  async #claim({
    limit,
    without,
  }: Extract<RelayEffect<ClaimedRow>, { kind: 'claim' }>): Promise<RelayInput<ClaimedRow>> {
    const { store, clock } = this.#options;
    const found = await store.read((session) => session.query<OutboxRow>(CLAIM, [limit, without]));
    failpoint('after-claim');
    const trouble = new Map<string, Trouble>();
    const rows = [];
    for (const row of found) rows.push(await this.#placed(row, trouble));
    return { kind: 'claimed', now: clock.now().getTime(), rows, trouble };
  }

  /** The row with partition and schema id; where they can't be had, its topic is in trouble, and the core leaves it alone. */
  async #placed(row: OutboxRow, trouble: Map<string, Trouble>): Promise<ClaimedRow> {
    const { namespace, schemas } = this.#options;
    const topic = namespace + row.topic;
    const subject = `${topic}-${row.ce_type}`;
    let partitions: number | Trouble | undefined = this.#places.known(topic);
    let schemaId: number | Trouble | undefined =
      row.fingerprint === null ? undefined : schemas.known(subject, row.fingerprint);
    if (trouble.has(row.topic)) return claimedRow(row, UNKNOWN_PARTITIONS, undefined);
    partitions ??= await this.#places.find(topic);
    if (row.fingerprint !== null) schemaId ??= await schemas.find(subject, row.fingerprint);
    if (typeof partitions === 'object') trouble.set(row.topic, partitions);
    else if (typeof schemaId === 'object') trouble.set(row.topic, schemaId);
    else return claimedRow(row, partitions, schemaId);
    return claimedRow(row, UNKNOWN_PARTITIONS, undefined);
  }

  async #send(rows: readonly ClaimedRow[]): Promise<RelayInput<ClaimedRow>> {
    const { kafka, namespace, contract, clock, log, meters } = this.#options;
    if (!this.#leads()) return { kind: 'fenced' };
    try {
      await kafka.send(rows.map((row) => outgoing(row, namespace, contract.service)));
    } catch (error) {
      const refusal = sendRefusalOf(error);
      if (refusal && !refusal.retriable) return { kind: 'refused', now: clock.now().getTime(), ...refusal };
      log.warn({ err: error, rows: rows.length }, 'not published, trying again');
      return { kind: 'unsent' };
    }
    failpoint('after-ack');
    for (const [topic, { length }] of Map.groupBy(rows, ({ topic }) => topic)) meters.published.add(length, { topic });
    return { kind: 'sent' };
  }

  async #delete(rows: readonly ClaimedRow[]): Promise<RelayInput<ClaimedRow>> {
    const epoch = this.#leads();
    if (epoch === undefined) return { kind: 'fenced' };
    const ids = rows.map(({ id }) => id);
    const [row] = await this.#options.store.read((session) => session.query<{ mine: bigint }>(DELETE, [epoch, ids]));
    if (row?.mine !== 1n) return { kind: 'fenced' };
    failpoint('after-delete');
    return { kind: 'deleted' };
  }

  async #bury({ id, topic, partition, row }: ClaimedRow, reason: string): Promise<RelayInput<ClaimedRow>> {
    const { store, clock, log, meters } = this.#options;
    const epoch = this.#leads();
    if (epoch === undefined) return { kind: 'fenced' };
    const [answer] = await store.read((session) =>
      session.query<{ mine: bigint }>(BURY, [epoch, id, partition, reason, clock.now()]),
    );
    if (answer?.mine !== 1n) return { kind: 'fenced' };
    meters.dead.add(1, { reason: 'refused' });
    log.error(
      { topic, eventId: row.ce_id, type: row.ce_type, correlationId: row.correlation_id, reason },
      'the broker refuses the event for good: it is dead, and its key waits',
    );
    return { kind: 'buried' };
  }
}
