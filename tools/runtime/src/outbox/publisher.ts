import type { Trouble } from './relay/state.ts';
import type { Check } from '../ports/readiness.ts';
import type { Store } from '../ports/sql.ts';
import type { RegistryPort } from '../ports/registry.ts';
import { Rest } from '../time/sleeper.ts';
import { Relay, type RelayOptions } from './relay/driver.ts';
import { Schemas } from './relay/schemas.ts';
import { HELD_TOPICS } from './relay/statements.ts';

const CHECK_MS = 1_000;

export interface PublisherOptions extends Omit<RelayOptions, 'schemas'> {
  readonly registry: RegistryPort;
}

/** The writing half of a service: its relay, and a look at whether all that it sends is registered. */
export class Publisher {
  readonly #store: Store;
  readonly #relay: Relay;
  readonly #schemas: Schemas;
  readonly #rest: Rest;
  readonly #checking: Promise<void>;
  /** Undefined until the first look. */
  #unregistered: ReadonlyMap<string, Trouble> | undefined;

  constructor(options: PublisherOptions) {
    const { contract, store, registry, namespace } = options;
    this.#store = store;
    this.#schemas = new Schemas({ messages: contract.messages, store, registry, namespace });
    this.#relay = new Relay({ ...options, schemas: this.#schemas });
    this.#rest = new Rest(options.clock);
    this.#checking = this.#check();
  }

  wake(): void {
    this.#relay.wake();
  }

  async readiness(): Promise<readonly Check[]> {
    const lease: Check = this.#relay.connected()
      ? { name: 'relay', ok: true }
      : { name: 'relay', ok: false, note: "the relay's lease can't be asked for" };
    return [lease, await this.#topics(), this.#registered()];
  }

  async stop(): Promise<void> {
    this.#rest.stop();
    await this.#checking;
    await this.#relay.stop();
  }

  async #topics(): Promise<Check> {
    const name = 'topics';
    const troubles = this.#relay.troubles();
    const lasting = [...troubles.values()].filter((trouble) => trouble.lasting);
    const held = await this.#store.read((session) => session.query<{ topic: string }>(HELD_TOPICS));
    const notes = [...troubles.values()].map(({ reason }) => reason);
    const topics = held.map(({ topic }) => topic).join(', ');
    if (held.length > 0) notes.push(`keys wait behind an event that the broker refused, in ${topics}`);
    return notes.length === 0 ? { name, ok: true } : { name, ok: lasting.length === 0, note: notes.join('; ') };
  }

  #registered(): Check {
    const name = 'schemas';
    if (this.#unregistered === undefined) return { name, ok: true, note: 'not looked up yet' };
    const troubles = [...this.#unregistered.values()];
    if (troubles.length === 0) return { name, ok: true };
    const ok = troubles.every(({ lasting }) => !lasting);
    return { name, ok, note: [...new Set(troubles.map(({ reason }) => reason))].join('; ') };
  }

  async #check(): Promise<void> {
    while (!this.#rest.stopped) {
      try {
        this.#unregistered = await this.#schemas.check();
        if (this.#unregistered.size === 0) return;
      } catch {
        // the database is away, and readiness says so by itself
      }
      await this.#rest.rest(CHECK_MS, { wakes: false });
    }
  }
}
