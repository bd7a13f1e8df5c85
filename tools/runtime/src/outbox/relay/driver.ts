import { randomUUID } from 'node:crypto';
import { failpoint } from '../../failpoint.ts';
import type { RelayEffect, RelayInput, Trouble, Troubles } from './state.ts';
import { relayStart, relayStep } from './step.ts';
import type { ServiceContract } from '../../contract/service.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Store } from '../../ports/sql.ts';
import type { OutboxMeters } from '../meters.ts';
import { Sleeper } from '../../time/sleeper.ts';
import { keepLease, type Lease } from './lease/driver.ts';
import { claimedRow, outgoingRecord, type ClaimedRow, shortHeaders, TopicPartitions } from './outgoing.ts';
import { sendRefusalOf, type KafkaPort } from '../../ports/kafka.ts';
import { schemaName, type SchemaIds, type SchemaKey } from './schemaIds.ts';
import { CLAIM, CLAIM_AROUND, DELETE, MARK_DEAD, SHORTEN, type OutboxRow } from './statements.ts';

export interface RelayOptions {
  readonly contract: Pick<ServiceContract<never, never>, 'service' | 'messages'>;
  readonly store: Store;
  readonly kafka: KafkaPort;
  readonly clock: Clock;
  /** The prefix of topics and subjects. */
  readonly namespace: string;
  readonly log: Log;
  readonly meters: OutboxMeters;
  readonly schemaIds: SchemaIds;
}

/** A placeholder for the number of partitions of a topic whose rows are not sent now. */
const UNKNOWN_PARTITIONS = 1;

/** Performs the effects that `relayStep` asks for, with database, broker and clock. */
export class Relay {
  readonly #options: RelayOptions;
  readonly #partitions: TopicPartitions;
  readonly #sleeper: Sleeper;
  readonly #lease: Lease;
  readonly #running: Promise<void>;
  #step = relayStart<ClaimedRow>();
  /** The troubles as of the last claim or refusal. The step itself forgets a trouble right before it looks again. */
  #troubles: Troubles = this.#step[0].troubled;
  /**
   * The lease's epoch when the current rows were claimed. Under another epoch, another relay may have changed their
   * keys.
   */
  #epoch: bigint | undefined;
  #publishedAt = -Infinity;

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

  /** Topics and schemas that can't be sent now, and why. */
  troubles(): Troubles {
    return this.#troubles;
  }

  /** Whether the database has answered the last question for the lease. */
  connected(): boolean {
    return this.#lease.connected();
  }

  /** Whether this instance holds the lease. */
  leads(): boolean {
    return this.#lease.epoch() !== undefined;
  }

  /** Milliseconds since this relay has last published something. Infinite if it never has. */
  sincePublished(): number {
    return this.#options.clock.monotonic() - this.#publishedAt;
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
      if (input.kind === 'claimed' || input.kind === 'refused') this.#show(this.#step[0].troubled);
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
      case 'shorten':
        return this.#shorten(effect.row, effect.reason);
    }
  }

  #show(troubles: Troubles): void {
    const { meters } = this.#options;
    const gone = (before: ReadonlyMap<string, Trouble>, now: ReadonlyMap<string, Trouble>) =>
      [...before.keys()].filter((name) => !now.has(name));
    for (const topic of gone(this.#troubles.topics, troubles.topics)) meters.trouble.set(0, { topic, type: '' });
    for (const name of gone(this.#troubles.schemas, troubles.schemas)) meters.trouble.set(0, labelsOf(name));
    for (const topic of troubles.topics.keys()) meters.trouble.set(1, { topic, type: '' });
    for (const name of troubles.schemas.keys()) meters.trouble.set(1, labelsOf(name));
    this.#troubles = troubles;
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
    exceptSchemas,
  }: Extract<RelayEffect<ClaimedRow>, { kind: 'claim' }>): Promise<RelayInput<ClaimedRow>> {
    const { store, clock } = this.#options;
    const found = await store.read((session) =>
      exceptSchemas.length === 0
        ? session.query<OutboxRow>(CLAIM, [limit, exceptTopics])
        : session.query<OutboxRow>(CLAIM_AROUND, [limit, exceptTopics, exceptSchemas]),
    );
    failpoint('after-claim');
    const [partitions, schemas] = await Promise.all([this.#partitionsOf(found), this.#schemasOf(found)]);
    const rows = found.map((row) => {
      const count = partitions.get(row.topic);
      const schema = schemaKeyOf(row);
      const id = schema && schemas.get(schemaName(schema));
      return claimedRow(row, {
        partitions: typeof count === 'number' ? count : UNKNOWN_PARTITIONS,
        schema: schema && schemaName(schema),
        schemaId: typeof id === 'number' ? id : undefined,
      });
    });
    const trouble = { topics: troublesIn(partitions), schemas: troublesIn(schemas) };
    return { kind: 'claimed', now: clock.monotonic(), rows, trouble };
  }

  /** By topic. Unknown numbers are asked for at the same time, because each answer may take seconds. */
  async #partitionsOf(rows: readonly OutboxRow[]): Promise<ReadonlyMap<string, number | Trouble>> {
    const topics = [...new Set(rows.map(({ topic }) => topic))];
    return new Map(
      await Promise.all(
        topics.map(async (topic) => [topic, await this.#partitions.find(this.#options.namespace + topic)] as const),
      ),
    );
  }

  /** By the name of the schema. */
  async #schemasOf(rows: readonly OutboxRow[]): Promise<ReadonlyMap<string, number | Trouble>> {
    const schemas = new Map<string, SchemaKey>();
    for (const row of rows) {
      const schema = schemaKeyOf(row);
      if (schema) schemas.set(schemaName(schema), schema);
    }
    return new Map(
      await Promise.all(
        Array.from(schemas, async ([name, schema]) => [name, await this.#options.schemaIds.find(schema)] as const),
      ),
    );
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
    this.#publishedAt = this.#options.clock.monotonic();
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

  async #shorten({ id, topic, row }: ClaimedRow, reason: string): Promise<RelayInput<ClaimedRow>> {
    const { store, log } = this.#options;
    const epoch = this.#currentEpoch();
    if (epoch === undefined) return { kind: 'fenced' };
    const headers = JSON.stringify(shortHeaders(row));
    const [answer] = await store.read((session) => session.query<{ mine: bigint }>(SHORTEN, [epoch, id, headers]));
    if (answer?.mine !== 1n) return { kind: 'fenced' };
    log.warn(
      { topic, eventId: row.causation_id, type: row.ce_type, correlationId: row.correlation_id, reason },
      'the broker refuses the dead letter: it is sent without its bytes, which are in atlas_dead',
    );
    return { kind: 'shortened' };
  }
}

function schemaKeyOf({ topic, ce_type: type, fingerprint }: OutboxRow): SchemaKey | undefined {
  return fingerprint === null ? undefined : { topic, type, fingerprint };
}

function troublesIn(found: ReadonlyMap<string, number | Trouble>): ReadonlyMap<string, Trouble> {
  return new Map([...found].flatMap(([name, one]) => (typeof one === 'number' ? [] : [[name, one] as const])));
}

/** Splits the name of a schema. */
function labelsOf(name: string): { readonly topic: string; readonly type: string } {
  const [topic = '', type = ''] = name.split('\n');
  return { topic, type };
}
