import { withoutCredentials } from '../diagnostics/shown.ts';
import { UsageError } from '../diagnostics/usageError.ts';
import type { RegisterEnvironment } from './environment.ts';

type ClientModule = typeof import('@confluentinc/schemaregistry/dist/schemaregistry-client.js');
type Client = InstanceType<ClientModule['SchemaRegistryClient']>;
type Reference = NonNullable<Awaited<ReturnType<Client['getSchemaMetadata']>>['references']>[number];
type Levels = Readonly<Record<string, ClientModule['Compatibility'][keyof ClientModule['Compatibility']]>>;
/** A compatibility level, in the spelling of the registry. */
export type Level = string;

/** A registered schema text, and the texts that define the types it uses, by the names of these types. */
export interface RegisteredSchema {
  readonly version: number;
  readonly text: string;
  readonly references: ReadonlyMap<string, string>;
}

/** What the registry says about a schema that it considers invalid. */
export interface Invalid {
  readonly invalid: string;
}

/** Schemas that one schema may refer to, directly or through others. */
const MAX_REFERENCES = 200;

/** Access to the schema registry for registering. An absent subject or schema is undefined; other failures throw. */
export class Registry {
  readonly #client: Client;
  readonly #levels: Levels;
  readonly #url: string;

  private constructor(client: Client, levels: Levels, url: string) {
    this.#client = client;
    this.#levels = levels;
    this.#url = withoutCredentials(url);
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
    // any server may answer 200, for example with a login page
    const level: unknown = await this.#ask(() => this.#client.getDefaultCompatibility());
    if (typeof level === 'string' && Object.hasOwn(this.#levels, level)) return level;
    throw new UsageError(
      `the server at ${this.#url} is not a schema registry: it has no compatibility level; check SCHEMA_REGISTRY_URL and whether a proxy asks for a login`,
    );
  }

  /** The names of all subjects. */
  async subjects(): Promise<readonly string[]> {
    return this.#ask(() => this.#client.getAllSubjects());
  }

  /** The subject's own level. */
  async level(subject: string): Promise<Level | undefined> {
    return this.#orAbsent(() => this.#client.getCompatibility(subject));
  }

  async setLevel(subject: string, level: Level): Promise<void> {
    const known = this.#levels[level];
    if (known === undefined) throw new Error(`unknown compatibility level: ${level}`);
    await this.#ask(() => throughConflict(() => this.#client.updateCompatibility(subject, known)));
  }

  async isRegistered(subject: string, schema: string): Promise<boolean> {
    const version = await this.#orAbsent(() => this.#client.getVersion(subject, { schema, schemaType: 'AVRO' }));
    return version !== undefined;
  }

  /** Versions of the subject, oldest first. */
  async versions(subject: string): Promise<readonly RegisteredSchema[]> {
    const versions = (await this.#orAbsent(() => this.#client.getAllVersions(subject))) ?? [];
    const schemas: RegisteredSchema[] = [];
    for (const version of versions) {
      const found = await this.#orAbsent(() => this.#client.getSchemaMetadata(subject, version));
      if (!found) continue;
      const references = new Map<string, string>();
      await this.#follow(found.references ?? [], references);
      schemas.push({ version, text: found.schema, references });
    }
    return schemas;
  }

  async #follow(references: readonly Reference[], texts: Map<string, string>): Promise<void> {
    for (const { name, subject, version } of references) {
      if (texts.has(name) || texts.size >= MAX_REFERENCES) continue;
      const found = await this.#orAbsent(() => this.#client.getSchemaMetadata(subject, version));
      if (!found) continue;
      texts.set(name, found.schema);
      await this.#follow(found.references ?? [], texts);
    }
  }

  /** Checks under the level of the subject. */
  async isCompatible(subject: string, version: number, schema: string): Promise<boolean | Invalid> {
    return this.#orInvalid(() => this.#client.testCompatibility(subject, version, { schema, schemaType: 'AVRO' }));
  }

  /** The text that has an id in a subject. */
  async textOf(subject: string, id: number): Promise<string> {
    const { schema } = await this.#ask(() => this.#client.getBySubjectAndId(subject, id));
    return schema;
  }

  async register(subject: string, schema: string): Promise<number | 'incompatible' | Invalid> {
    try {
      return await this.#orInvalid(
        () => throughConflict(() => this.#client.register(subject, { schema, schemaType: 'AVRO' })),
        true,
      );
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

  async #orInvalid<Answer>(ask: () => Promise<Answer>, conflicts = false): Promise<Answer | Invalid> {
    try {
      return await ask();
    } catch (error) {
      const rest = statusOf(error);
      if (rest?.status === 422 && !NOT_ABOUT_THE_SCHEMA.has(rest.errorCode) && error instanceof Error)
        return { invalid: error.message };
      throw conflicts && rest?.status === 409 ? error : this.#failure(error);
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

/**
 * Asks once more after a 409. A registry also answers 409 if somebody else wrote the same at the same time. Then the
 * second try finds what was written.
 */
async function throughConflict<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    if (statusOf(error)?.status !== 409) throw error;
    return ask();
  }
}

/** Error codes of status 422 that are not about the schema: an invalid version or level, a read-only subject. */
const NOT_ABOUT_THE_SCHEMA: ReadonlySet<number> = new Set([42202, 42203, 42204, 42205]);

/** The HTTP answer behind an error of the client. Callers look at its codes and never at its texts. */
function statusOf(error: unknown): { readonly status: number; readonly errorCode: number } | undefined {
  if (!(error instanceof Error) || !('status' in error) || !('errorCode' in error)) return undefined;
  return typeof error.status === 'number' && typeof error.errorCode === 'number'
    ? { status: error.status, errorCode: error.errorCode }
    : undefined;
}
