import type { ConsumerContract } from '../contract/message.ts';
import { AtlasError } from '../contract/atlasError.ts';
import { unframed } from '../record/frame.ts';
import type { Clock } from '../ports/clock.ts';
import type { RegistryPort, WrittenSchema } from '../ports/registry.ts';

type Decode = (body: Uint8Array) => unknown;

const MAX_CACHED = 1_000;
const UNKNOWN_MS = 1_000;

/**
 * Decodes events that any version of a producer wrote. The registry is asked once per schema id. A resolver is compiled
 * once per schema id, consumer and message.
 */
export class Decoders {
  readonly #registry: RegistryPort;
  readonly #clock: Pick<Clock, 'monotonic'>;
  /** Until when, in monotonic time, the registry is not asked again for an id that it does not know. */
  readonly #unknown = new Map<number, number>();
  readonly #schemas = new Map<number, Promise<WrittenSchema | undefined>>();
  readonly #decoders = new Map<string, Decode>();

  constructor(registry: RegistryPort, clock: Pick<Clock, 'monotonic'>) {
    this.#registry = registry;
    this.#clock = clock;
  }

  /**
   * The payload. Throws `AtlasError` ATLAS_AVRO_DECODE if the bytes do not fit the message, ATLAS_SCHEMA_UNKNOWN if the
   * registry does not know the writer's schema, ATLAS_REGISTRY_UNAVAILABLE if it does not answer.
   */
  async decode({ name, message }: ConsumerContract<unknown>, value: Uint8Array | null): Promise<unknown> {
    const frame = frameOf(value);
    if (!frame) throw undecodable(`the value does not begin with a schema id in Confluent's wire format`);
    const key = `${name}\n${message.type}\n${frame.schemaId}`;
    let decode = this.#decoders.get(key);
    if (!decode) {
      const schema = await this.#schemaOf(frame.schemaId);
      decode = attempt(() => message.codec.resolver(schema.text, schema.references));
      bound(this.#decoders);
      this.#decoders.set(key, decode);
    }
    const known = decode;
    return attempt(() => known(frame.body));
  }

  /**
   * The type of an event whose record has no `ce_type`: the name of the writer's schema. Undefined for bytes without a
   * schema. Throws ATLAS_SCHEMA_UNKNOWN and ATLAS_REGISTRY_UNAVAILABLE like `decode`.
   */
  async typeOf(value: Uint8Array | null): Promise<string | undefined> {
    const frame = frameOf(value);
    const schema = frame && (await this.#schemaOf(frame.schemaId));
    return schema && recordName(schema.text);
  }

  async #schemaOf(id: number): Promise<WrittenSchema> {
    const schema = await this.#lookUp(id);
    if (schema) return schema;
    throw new AtlasError('ATLAS_SCHEMA_UNKNOWN', `the schema registry does not know schema ${id}, or one it refers to`);
  }

  async #lookUp(id: number): Promise<WrittenSchema | undefined> {
    const known = this.#schemas.get(id);
    if (known) return known;
    // many events of one schema may come at once
    if ((this.#unknown.get(id) ?? 0) > this.#clock.monotonic()) return undefined;
    const asked = this.#registry.schemaOf(id);
    bound(this.#schemas);
    this.#schemas.set(id, asked);
    try {
      const schema = await asked;
      if (schema) this.#unknown.delete(id);
      else {
        // it may be registered later
        this.#schemas.delete(id);
        bound(this.#unknown);
        this.#unknown.set(id, this.#clock.monotonic() + UNKNOWN_MS);
      }
      return schema;
    } catch (error) {
      this.#schemas.delete(id);
      throw error;
    }
  }
}

/** No registry gives an id below zero, so bytes with such an id are not in its wire format. */
function frameOf(value: Uint8Array | null): ReturnType<typeof unframed> {
  const frame = unframed(value);
  return frame && frame.schemaId >= 0 ? frame : undefined;
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
