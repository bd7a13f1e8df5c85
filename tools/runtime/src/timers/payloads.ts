import { AtlasError } from '../contract/atlasError.ts';
import type { PayloadContract } from '../contract/later.ts';
import type { Store } from '../ports/sql.ts';
import { FIND_SCHEMA, KEEP_SCHEMAS } from './statements.ts';

/** Reads stored payloads, including those that another version of the code has written. */
export class Payloads {
  readonly #store: Store;
  readonly #contracts: readonly PayloadContract<unknown>[];
  /** By the fingerprints of reader and writer. */
  readonly #decoders = new Map<string, (body: Uint8Array) => unknown>();
  #kept = false;

  constructor(store: Store, contracts: readonly PayloadContract<unknown>[]) {
    this.#store = store;
    this.#contracts = contracts;
  }

  /** Stores the schemas with which this code writes. Call it before the first claim; later calls do nothing. */
  async keep(): Promise<void> {
    if (this.#kept || this.#contracts.length === 0) return;
    const values = [this.#contracts.map(({ fingerprint }) => fingerprint), this.#contracts.map(({ schema }) => schema)];
    await this.#store.read((session) => session.query(KEEP_SCHEMAS, values));
    this.#kept = true;
  }

  /** Throws `AtlasError` ATLAS_AVRO_DECODE if the bytes do not fit, ATLAS_REGISTRY_UNAVAILABLE without their schema. */
  async decode(contract: PayloadContract<unknown>, body: Uint8Array, writer: string): Promise<unknown> {
    if (writer === contract.fingerprint) return contract.codec.decode(body);
    const known = `${contract.fingerprint} ${writer}`;
    let decoder = this.#decoders.get(known);
    if (!decoder) {
      const [row] = await this.#store.read((session) => session.query<{ text: string }>(FIND_SCHEMA, [writer]));
      // its writer stores it soon, or has rolled back
      if (!row) throw new AtlasError('ATLAS_REGISTRY_UNAVAILABLE', `the schema ${writer} of a payload is not stored`);
      decoder = contract.codec.resolver(row.text);
      this.#decoders.set(known, decoder);
    }
    return decoder(body);
  }
}
