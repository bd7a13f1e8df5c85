import { UsageError } from '../diagnostics/usageError.ts';
import type { RegisterEnvironment } from './environment.ts';

type ClientModule = typeof import('@confluentinc/schemaregistry/dist/schemaregistry-client.js');
type Client = InstanceType<ClientModule['SchemaRegistryClient']>;
type Levels = Readonly<Record<string, ClientModule['Compatibility'][keyof ClientModule['Compatibility']]>>;
/** A compatibility level, in the spelling of the registry. */
export type Level = string;

/** Access to the schema registry for registering. An absent subject or schema is undefined; other failures throw. */
export class Registry {
  readonly #client: Client;
  readonly #levels: Levels;
  readonly #url: string;

  private constructor(client: Client, levels: Levels, url: string) {
    this.#client = client;
    this.#levels = levels;
    this.#url = url;
  }

  /** Loads only the REST client, because the main module of the package also loads the key services of the clouds. */
  static async connect({ registryUrl }: RegisterEnvironment): Promise<Registry> {
    const { Compatibility, SchemaRegistryClient } =
      await import('@confluentinc/schemaregistry/dist/schemaregistry-client.js');
    const client = new SchemaRegistryClient({
      baseURLs: [registryUrl],
      createAxiosDefaults: { timeout: 15_000 },
      maxRetries: 2,
      retriesWaitMs: 300,
      retriesMaxWaitMs: 1000,
    });
    return new Registry(client, Compatibility, registryUrl);
  }

  /** The level of all subjects without a level of their own. */
  async defaultLevel(): Promise<Level> {
    return this.#ask(() => this.#client.getDefaultCompatibility());
  }

  /** The subject's own level. */
  async level(subject: string): Promise<Level | undefined> {
    return this.#orAbsent(() => this.#client.getCompatibility(subject));
  }

  async setLevel(subject: string, level: Level): Promise<void> {
    const known = this.#levels[level];
    if (known === undefined) throw new Error(`unknown compatibility level: ${level}`);
    await this.#ask(() => this.#client.updateCompatibility(subject, known));
  }

  async isRegistered(subject: string, schema: string): Promise<boolean> {
    const version = await this.#orAbsent(() => this.#client.getVersion(subject, { schema, schemaType: 'AVRO' }));
    return version !== undefined;
  }

  /** Versions of the subject, oldest first. */
  async versions(subject: string): Promise<readonly number[]> {
    return (await this.#orAbsent(() => this.#client.getAllVersions(subject))) ?? [];
  }

  /** Checks under the level of the subject. `invalid` if the registry does not accept the text as a schema. */
  async isCompatible(subject: string, version: number, schema: string): Promise<boolean | 'invalid'> {
    return this.#orInvalid(() => this.#client.testCompatibility(subject, version, { schema, schemaType: 'AVRO' }));
  }

  async register(subject: string, schema: string): Promise<number | 'incompatible' | 'invalid'> {
    try {
      return await this.#orInvalid(() => this.#client.register(subject, { schema, schemaType: 'AVRO' }), true);
    } catch (error) {
      if (statusOf(error)?.status === 409) return 'incompatible';
      throw error;
    }
  }

  async #orAbsent<Answer>(ask: () => Promise<Answer>): Promise<Answer | undefined> {
    try {
      return await ask();
    } catch (error) {
      if (statusOf(error)?.status === 404) return undefined;
      throw this.#failure(error);
    }
  }

  async #orInvalid<Answer>(ask: () => Promise<Answer>, conflicts = false): Promise<Answer | 'invalid'> {
    try {
      return await ask();
    } catch (error) {
      const status = statusOf(error)?.status;
      if (status === 422) return 'invalid';
      throw conflicts && status === 409 ? error : this.#failure(error);
    }
  }

  async #ask<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    try {
      return await ask();
    } catch (error) {
      throw this.#failure(error);
    }
  }

  #failure(error: unknown): Error {
    const rest = statusOf(error);
    const message =
      error instanceof Error ? error.message || String('code' in error ? error.code : error.name) : String(error);
    const said = rest ? `it answered ${rest.status} (${rest.errorCode}): ${message}` : message;
    return new UsageError(
      `the schema registry at ${this.#url} failed: ${said}; check that it runs and that SCHEMA_REGISTRY_URL is right`,
    );
  }
}

/** The HTTP answer behind an error of the client. Callers look at its codes and never at its texts. */
function statusOf(error: unknown): { readonly status: number; readonly errorCode: number } | undefined {
  if (!(error instanceof Error) || !('status' in error) || !('errorCode' in error)) return undefined;
  return typeof error.status === 'number' && typeof error.errorCode === 'number'
    ? { status: error.status, errorCode: error.errorCode }
    : undefined;
}
