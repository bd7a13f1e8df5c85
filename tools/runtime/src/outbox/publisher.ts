import type { Check } from '../ports/readiness.ts';
import type { RegistryPort } from '../ports/registry.ts';
import type { Store } from '../ports/sql.ts';
import { Sleeper } from '../time/sleeper.ts';
import { Relay, type RelayOptions } from './relay/driver.ts';
import { SchemaIds } from './relay/schemaIds.ts';
import type { Trouble } from './relay/state.ts';
import { HELD_TOPICS } from './relay/statements.ts';

const CHECK_MS = 1_000;

export interface PublisherOptions extends Omit<RelayOptions, 'schemaIds'> {
  readonly registry: RegistryPort;
}

/** Publishes a service's events: runs its relay, and checks that the schema of each event is registered. */
export class Publisher {
  readonly #store: Store;
  readonly #relay: Relay;
  readonly #schemaIds: SchemaIds;
  readonly #sleeper: Sleeper;
  readonly #checking: Promise<void>;
  /** Undefined until the first check has ended. */
  #unregistered: ReadonlyMap<string, Trouble> | undefined;

  constructor(options: PublisherOptions) {
    const { contract, store, registry, namespace } = options;
    this.#store = store;
    this.#schemaIds = new SchemaIds({ messages: contract.messages, store, registry, namespace });
    for (const { topic, type } of contract.messages) {
      options.meters.published.add(0, { topic });
      options.meters.trouble.set(0, { topic, type: '' });
      options.meters.trouble.set(0, { topic, type });
    }
    options.meters.dead.add(0, { reason: 'refused' });
    this.#relay = new Relay({ ...options, schemaIds: this.#schemaIds });
    this.#sleeper = new Sleeper(options.clock);
    this.#checking = this.#check();
  }

  wake(): void {
    this.#relay.wake();
  }

  /** Whether this instance publishes. Undefined if the database does not answer. */
  leads(): boolean | undefined {
    return this.#relay.leads() || (this.#relay.connected() ? false : undefined);
  }

  /** Milliseconds since this instance has last published something. Infinite if it never has. */
  sincePublished(): number {
    return this.#relay.sincePublished();
  }

  /** Whether the database answers the relay. */
  lease(): Check {
    const name = 'relay';
    return this.#relay.connected()
      ? { name, ok: true }
      : { name, ok: false, note: "can't ask the database for the relay's lease" };
  }

  async stop(): Promise<void> {
    this.#sleeper.stop();
    await this.#checking;
    await this.#relay.stop();
  }

  /** Whether events can be sent. Asks the database which keys are held. */
  async topics(): Promise<Check> {
    const name = 'topics';
    const { topics: troubledTopics, schemas } = this.#relay.troubles();
    const troubles = [...troubledTopics.values(), ...schemas.values()];
    const held = await this.#store.read((session) => session.query<{ topic: string }>(HELD_TOPICS));
    const notes = [...new Set(troubles.map(({ reason }) => reason))];
    const topics = held.map(({ topic }) => topic).join(', ');
    if (held.length > 0) notes.push(`keys wait behind an event that the broker refused, in ${topics}`);
    return notes.length === 0
      ? { name, ok: true }
      : { name, ok: !troubles.some(({ lasting }) => lasting), note: notes.join('; ') };
  }

  /** Whether the schemas of all events are registered. */
  schemas(): Check {
    const name = 'schemas';
    if (this.#unregistered === undefined) return { name, ok: true, note: 'not looked up yet' };
    const troubles = [...this.#unregistered.values()];
    if (troubles.length === 0) return { name, ok: true };
    const ok = troubles.every(({ lasting }) => !lasting);
    return { name, ok, note: [...new Set(troubles.map(({ reason }) => reason))].join('; ') };
  }

  async #check(): Promise<void> {
    while (!this.#sleeper.stopped) {
      try {
        this.#unregistered = await this.#schemaIds.findAll();
        if (this.#unregistered.size === 0) return;
      } catch {
        // the database is unavailable, which has a readiness check of its own
      }
      await this.#sleeper.sleep(CHECK_MS, { wakeable: false });
    }
  }
}
