import type { MessageContract } from '../../contract/message.ts';
import { AtlasError } from '../../contract/atlasError.ts';
import type { RegistryPort } from '../../ports/registry.ts';
import type { Store } from '../../ports/sql.ts';
import type { Trouble } from './state.ts';
import { KEEP_SCHEMA, SCHEMA } from './statements.ts';

export interface SchemaIdsOptions {
  /** What this version of the service sends. */
  readonly messages: readonly MessageContract<unknown>[];
  readonly store: Store;
  readonly registry: RegistryPort;
  readonly namespace: string;
}

/** The schema that a row was written with. `topic` is without the namespace. */
export interface SchemaKey {
  readonly topic: string;
  readonly type: string;
  readonly fingerprint: string;
}

/**
 * Ids of the schemas that rows were written with. The registry is asked once per process and schema, not per event. If
 * it is unavailable, the id that an earlier process stored in the database is used. Texts are stored as well, because
 * rows of an older version of the service may still be in the outbox.
 */
export class SchemaIds {
  readonly #ids = new Map<string, number>();
  readonly #options: SchemaIdsOptions;

  constructor(options: SchemaIdsOptions) {
    this.#options = options;
  }

  /** The id if it is known without asking. */
  known(key: SchemaKey): number | undefined {
    return this.#ids.get(schemaName(key));
  }

  /** Asks for the id. Says what is wrong if there is none. Throws if the database does not answer. */
  async find(key: SchemaKey): Promise<number | Trouble> {
    const known = this.known(key);
    if (known !== undefined) return known;
    const { messages, store, registry, namespace } = this.#options;
    const { topic, type, fingerprint } = key;
    const sent = messages.filter((message) => message.topic === topic && message.type === type);
    // this version may no longer send a message that is still in the outbox: then TopicRecordNameStrategy gives its
    // subject
    const subject = namespace + (sent[0]?.subject ?? `${topic}-${type}`);
    const [stored] = await store.read((session) =>
      session.query<{ text: string; registry_id: number | null }>(SCHEMA, [subject, fingerprint]),
    );
    const text = sent.find((message) => message.fingerprint === fingerprint)?.schema ?? stored?.text;
    if (text === undefined)
      return {
        reason: `the text of schema ${fingerprint} of ${subject} is in no table and no contract`,
        lasting: true,
      };
    try {
      const id = await registry.idOf(subject, text);
      if (id !== undefined && id !== stored?.registry_id) {
        await store.read((session) => session.query(KEEP_SCHEMA, [fingerprint, subject, text, id]));
      }
      if (id === undefined)
        return { reason: `the registry has no schema of ${subject}: run \`atlas register\``, lasting: true };
      this.#ids.set(schemaName(key), id);
      return id;
    } catch (error) {
      if (!(error instanceof AtlasError) || error.code !== 'ATLAS_REGISTRY_UNAVAILABLE') throw error;
      const id = stored?.registry_id;
      if (typeof id !== 'number') return { reason: error.message, lasting: false };
      this.#ids.set(schemaName(key), id);
      return id;
    }
  }

  /**
   * Stores the schemas of all messages that this version sends, and asks for their ids. Returns what is wrong, by
   * subject.
   */
  async findAll(): Promise<ReadonlyMap<string, Trouble>> {
    const { messages, store, namespace } = this.#options;
    const troubles = new Map<string, Trouble>();
    for (const message of messages) {
      if (this.known(message) !== undefined) continue;
      const subject = namespace + message.subject;
      await store.read((session) => session.query(KEEP_SCHEMA, [message.fingerprint, subject, message.schema, null]));
      const found = await this.find(message);
      if (typeof found !== 'number') troubles.set(subject, found);
    }
    return troubles;
  }
}

/** The name of a schema in the relay's decisions. */
export function schemaName({ topic, type, fingerprint }: SchemaKey): string {
  return `${topic}\n${type}\n${fingerprint}`;
}
