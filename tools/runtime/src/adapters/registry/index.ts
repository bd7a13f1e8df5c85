import type { RestService } from '@confluentinc/schemaregistry/dist/rest-service.js';
import { AtlasError } from '../../contract/atlasError.ts';
import type { RegistryPort } from '../../ports/registry.ts';

const TIMEOUT_MS = 5_000;

export interface RegistryOptions {
  /** Base URL of the Confluent API. */
  readonly url: string;
}

/**
 * The registry port over Confluent's REST client, which is loaded at the first question. The package's main module
 * would load clients of cloud key services as well, which takes longer than the rest of a service. Nothing is cached or
 * retried here: the caller does it.
 */
export function registryPort({ url }: RegistryOptions): RegistryPort {
  let client: Promise<RestService> | undefined;
  const ask = async (path: string, method: 'GET' | 'POST', body?: unknown): Promise<unknown> => {
    client ??= load(url);
    const service = await client;
    try {
      const { data } = await service.handleRequest<unknown>(path, method, body);
      return data;
    } catch (error) {
      if (isAbsent(error)) return undefined;
      const reason = error instanceof Error ? error.message : String(error);
      throw new AtlasError('ATLAS_REGISTRY_UNAVAILABLE', `the schema registry at ${url} does not answer: ${reason}`, {
        cause: error,
      });
    }
  };
  return {
    idOf: async (subject, schema) => {
      const found = await ask(`/subjects/${encodeURIComponent(subject)}`, 'POST', { schema, schemaType: 'AVRO' });
      return memberOf(found, 'id', 'number');
    },
    textOf: async (id) => memberOf(await ask(`/schemas/ids/${id}`, 'GET'), 'schema', 'string'),
  };
}

async function load(url: string): Promise<RestService> {
  const { RestService } = await import('@confluentinc/schemaregistry/dist/rest-service.js');
  return new RestService([url.replace(/\/+$/, '')], false, { timeout: TIMEOUT_MS }, undefined, undefined, 0);
}

/** 40401: no such subject. 40403: no such schema. By code, because texts differ between registries. */
function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'errorCode' in error && (error.errorCode === 40401 || error.errorCode === 40403);
}

interface Kinds {
  readonly number: number;
  readonly string: string;
}

function memberOf<Kind extends keyof Kinds>(answer: unknown, name: string, kind: Kind): Kinds[Kind] | undefined {
  if (typeof answer !== 'object' || answer === null) return undefined;
  const value: unknown = Reflect.get(answer, name);
  return isKind(value, kind) ? value : undefined;
}

function isKind<Kind extends keyof Kinds>(value: unknown, kind: Kind): value is Kinds[Kind] {
  return typeof value === kind;
}
