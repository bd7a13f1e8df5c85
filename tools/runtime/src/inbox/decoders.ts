import type { ConsumerContract } from '../contract/message.ts';
import { AtlasError } from '../contract/atlasError.ts';
import { unframed } from '../record/frame.ts';
import type { RegistryPort, WrittenSchema } from '../ports/registry.ts';

type Decode = (body: Uint8Array) => unknown;

const MAX_CACHED = 1_000;

/**
 * Decodes events that any version of a producer wrote. The registry is asked once per schema id. A resolver is compiled
 * once per schema id and consumer.
 */
export class Decoders {
  readonly #registry: RegistryPort;
  readonly #schemas = new Map<number, Promise<WrittenSchema | undefined>>();
  readonly #decoders = new Map<string, Decode>();

  constructor(registry: RegistryPort) {
    this.#registry = registry;
  }

  /**
   * The payload. Throws `AtlasError` ATLAS_AVRO_DECODE if the bytes do not fit the message, ATLAS_REGISTRY_UNAVAILABLE
   * if the registry does not answer for the writer's schema.
   */
  async decode({ name, message }: ConsumerContract<unknown>, value: Uint8Array | null): Promise<unknown> {
    const frame = unframed(value);
    if (!frame) throw undecodable(`the value does not begin with a schema id in Confluent's wire format`);
    const key = `${name}\n${frame.schemaId}`;
    let decode = this.#decoders.get(key);
    if (!decode) {
      const schema = await this.#schemaOf(frame.schemaId);
      if (!schema) throw undecodable(`the registry has no schema ${frame.schemaId}`);
      decode = attempt(() => message.codec.resolver(schema.text, schema.references));
      bound(this.#decoders);
      this.#decoders.set(key, decode);
    }
    const known = decode;
    return attempt(() => known(frame.body));
  }

  /** The event's type for a record without `ce_type`: the name of the writer's schema. Undefined if there is none. */
  async typeOf(value: Uint8Array | null): Promise<string | undefined> {
    const frame = unframed(value);
    const schema = frame && (await this.#schemaOf(frame.schemaId));
    return schema && recordName(schema.text);
  }

  async #schemaOf(id: number): Promise<WrittenSchema | undefined> {
    const known = this.#schemas.get(id);
    if (known) return known;
    const asked = this.#registry.schemaOf(id);
    bound(this.#schemas);
    this.#schemas.set(id, asked);
    try {
      const schema = await asked;
      // the schema may be registered later
      if (!schema) this.#schemas.delete(id);
      return schema;
    } catch (error) {
      this.#schemas.delete(id);
      throw error;
    }
  }
}

function bound(cache: Map<unknown, unknown>): void {
  if (cache.size < MAX_CACHED) return;
  const [oldest] = cache.keys();
  cache.delete(oldest);
}

/** A codec may throw any error on bytes that do not fit. Here it always means that they do not fit. */
function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw undecodable(error instanceof Error ? error.message : String(error), error);
  }
}

function undecodable(message: string, cause?: unknown): AtlasError {
  if (cause instanceof AtlasError && cause.code === 'ATLAS_AVRO_DECODE') return cause;
  return new AtlasError('ATLAS_AVRO_DECODE', message, { cause });
}

/** The full name of a record schema (Avro 1.12, "Names"). Undefined for any other text. */
export function recordName(schemaText: string): string | undefined {
  const schema: unknown = parsed(schemaText);
  if (typeof schema !== 'object' || schema === null || !('name' in schema) || typeof schema.name !== 'string') {
    return undefined;
  }
  if (schema.name.includes('.') || !('namespace' in schema)) return schema.name;
  return typeof schema.namespace === 'string' && schema.namespace !== ''
    ? `${schema.namespace}.${schema.name}`
    : schema.name;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
