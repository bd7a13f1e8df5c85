import type { RestService } from '@confluentinc/schemaregistry/dist/rest-service.js';
import { AtlasError } from '../../contract/atlasError.ts';
import type { RegistryPort } from '../../ports/registry.ts';
import { isList, isObject } from '../../typeGuards.ts';

const TIMEOUT_MS = 5_000;

export interface RegistryOptions {
  /** Base URL of the Confluent API. */
  readonly url: string;
}

/**
 * The registry port with Confluent's REST client, which is loaded at the first call. The package's main module would
 * load clients of cloud key services as well, which takes longer than the rest of a service. Nothing is cached or
 * retried here; the caller does that.
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
      throw new AtlasError(
        'ATLAS_REGISTRY_UNAVAILABLE',
        `the schema registry at ${withoutUserInfo(url)} does not answer: ${reason}`,
        {
          cause: error,
        },
      );
    }
  };
  return {
    idOf: async (subject, schema) => {
      const found = await ask(`/subjects/${encodeURIComponent(subject)}`, 'POST', { schema, schemaType: 'AVRO' });
      return memberOf(found, 'id', 'number');
    },
    schemaOf: async (id) => {
      const found = await ask(`/schemas/ids/${id}`, 'GET');
      const text = memberOf(found, 'schema', 'string');
      const referred = new Map<string, string>();
      const isWhole = text !== undefined && (await follow(found, ask, referred));
      return isWhole ? { text, references: [...referred.values()] } : undefined;
    },
  };
}

type Ask = (path: string, method: 'GET' | 'POST') => Promise<unknown>;

/** The most schemas to which one schema may lead. A registry refuses circles, but its answers are not trusted. */
const MAX_REFERENCES = 200;

/**
 * Asks for the schemas that `answer` refers to, and puts their texts into `texts` by their addresses. Each comes after
 * those that it refers to itself. False if one does not exist or there are too many.
 */
async function follow(
  answer: unknown,
  ask: Ask,
  texts: Map<string, string>,
  around: readonly string[] = [],
): Promise<boolean> {
  const references: unknown = isObject(answer) ? answer['references'] : undefined;
  for (const reference of isList(references) ? references : []) {
    const subject = memberOf(reference, 'subject', 'string');
    const version = memberOf(reference, 'version', 'number');
    if (subject === undefined || version === undefined) return false;
    const path = `/subjects/${encodeURIComponent(subject)}/versions/${version}`;
    if (texts.has(path)) continue;
    if (around.includes(path) || texts.size + around.length >= MAX_REFERENCES) return false;
    const found = await ask(path, 'GET');
    const text = memberOf(found, 'schema', 'string');
    if (text === undefined || !(await follow(found, ask, texts, [...around, path]))) return false;
    texts.set(path, text);
  }
  return true;
}

/** The URL without user and password, because messages end in logs. */
function withoutUserInfo(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, '$1');
}

async function load(url: string): Promise<RestService> {
  const { RestService } = await import('@confluentinc/schemaregistry/dist/rest-service.js');
  return new RestService([url.replace(/\/+$/, '')], false, { timeout: TIMEOUT_MS }, undefined, undefined, 0);
}

/**
 * 40401: no such subject. 40402: no such version. 40403: no such schema. They are found by code, because the texts of
 * registries differ.
 */
function isAbsent(error: unknown): boolean {
  return (
    error instanceof Error && 'errorCode' in error && [40401, 40402, 40403].some((code) => error.errorCode === code)
  );
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
