import type { MessageContract } from '../../contract/message.ts';
import { AtlasError } from '../../contract/atlasError.ts';
import type { Trouble } from './state.ts';
import type { RegistryPort } from '../../ports/registry.ts';
import type { Store } from '../../ports/sql.ts';
import { KEEP_SCHEMA, SCHEMA } from './statements.ts';

export interface SchemasOptions {
  /** What this version of the service sends. */
  readonly messages: readonly MessageContract<unknown>[];
  readonly store: Store;
  readonly registry: RegistryPort;
  readonly namespace: string;
}

/**
 * Ids of the schemas that rows were written with, asked of the registry once per process and schema, never per event. With the registry
 * away, the id that an earlier process was told serves; texts are kept as well, for rows that an older version left behind.
 */
export class Schemas {
  readonly #ids = new Map<string, number>();
  readonly #options: SchemasOptions;

  constructor(options: SchemasOptions) {
    this.#options = options;
  }

  /** The id where it is known already. */
  known(subject: string, fingerprint: string): number | undefined {
    return this.#ids.get(`${subject}\n${fingerprint}`);
  }

  /** Looks the id up, or says why it can't be had. Throws where the database does not answer. */
  async find(subject: string, fingerprint: string): Promise<number | Trouble> {
    const known = this.known(subject, fingerprint);
    if (known !== undefined) return known;
    const { messages, store, registry, namespace } = this.#options;
    const own = messages.find(
      (message) => namespace + message.subject === subject && message.fingerprint === fingerprint,
    );
    const [kept] = await store.read((session) =>
      session.query<{ text: string; registry_id: number | null }>(SCHEMA, [subject, fingerprint]),
    );
    const text = own?.schema ?? kept?.text;
    if (text === undefined)
      return { reason: `nobody has the text of schema ${fingerprint} of ${subject}`, lasting: true };
    try {
      const id = await registry.idOf(subject, text);
      if (id !== undefined && id !== kept?.registry_id) {
        await store.read((session) => session.query(KEEP_SCHEMA, [fingerprint, subject, text, id]));
      }
      if (id === undefined)
        return { reason: `the registry has no schema of ${subject}: run \`atlas register\``, lasting: true };
      this.#ids.set(`${subject}\n${fingerprint}`, id);
      return id;
    } catch (error) {
      if (!(error instanceof AtlasError) || error.code !== 'ATLAS_REGISTRY_UNAVAILABLE') throw error;
      const id = kept?.registry_id;
      if (typeof id !== 'number') return { reason: error.message, lasting: false };
      this.#ids.set(`${subject}\n${fingerprint}`, id);
      return id;
    }
  }

  /** Keeps the texts of all that this version sends, and looks their ids up. What is wrong, by subject. */
  async check(): Promise<ReadonlyMap<string, Trouble>> {
    const { messages, store, namespace } = this.#options;
    const troubles = new Map<string, Trouble>();
    for (const { subject, fingerprint, schema } of messages) {
      const full = namespace + subject;
      if (this.known(full, fingerprint) !== undefined) continue;
      await store.read((session) => session.query(KEEP_SCHEMA, [fingerprint, full, schema, null]));
      const found = await this.find(full, fingerprint);
      if (typeof found !== 'number') troubles.set(full, found);
    }
    return troubles;
  }
}
