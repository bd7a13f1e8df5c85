import { readFileSync } from 'node:fs';
import { isRecord, parseJson } from './json.ts';
import { layoutOf } from './layout.ts';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export interface ServiceDatabase {
  readonly database: string;
  /** For the role that owns the database and migrates it. */
  readonly ownerUrl: string;
  /** For the role that reads and writes rows, without DDL. */
  readonly appUrl: string;
}

/** Addresses and credentials of a running stack: the content of `.atlas/stack/stack.json`. */
export interface StackInfo {
  readonly postgres: {
    readonly host: string;
    readonly port: number;
    readonly adminUrl: string;
    readonly services: Readonly<Record<string, ServiceDatabase>>;
  };
  /** SASL PLAIN, no TLS. `admin` is a super user. A service's user may do what `grantAcls` allows. */
  readonly kafka: {
    readonly brokers: readonly string[];
    readonly admin: Credentials;
    readonly users: Readonly<Record<string, Credentials>>;
  };
  /** The base URL of the Confluent API, `…/apis/ccompat/v7`. */
  readonly registry: { readonly url: string };
  readonly redis: { readonly url: string };
  /** The local issuer of tokens: a public key set that verifies them, and the private key for `mintToken`. */
  readonly auth: {
    readonly issuer: string;
    readonly jwksFile: string;
    readonly privateJwkFile: string;
  };
  /** Folder of the parts' log files. */
  readonly logs: string;
}

/** The running stack of `root` (by default of this repository), or undefined when none is up. */
export function readStack(root?: string): StackInfo | undefined {
  let text: string;
  try {
    text = readFileSync(layoutOf(root).infoFile, 'utf8');
  } catch {
    return undefined;
  }
  const info = parseJson(text);
  return isStackInfo(info) ? info : undefined;
}

/**
 * The environment of a service's process, without PORT and ADMIN_PORT. Throws if the stack does not have the service.
 */
export function serviceEnvironment(info: StackInfo, service: string): Record<string, string> {
  const database = info.postgres.services[service];
  const user = info.kafka.users[service];
  if (database === undefined || user === undefined) {
    const known = Object.keys(info.postgres.services).join(', ');
    throw new Error(`the stack has no service "${service}" (it has: ${known}); add it to the specs and run "make up"`);
  }
  return {
    DATABASE_URL: database.appUrl,
    KAFKA_BROKERS: info.kafka.brokers.join(','),
    KAFKA_USERNAME: user.username,
    KAFKA_PASSWORD: user.password,
    SCHEMA_REGISTRY_URL: info.registry.url,
    ...sharedEnvironment(info),
  };
}

/** The part of the environment that every program has, also one without a database and a user of the broker. */
export function sharedEnvironment(info: StackInfo): Record<string, string> {
  return {
    REDIS_URL: info.redis.url,
    HOST: '127.0.0.1',
    AUTH_JWKS_FILE: info.auth.jwksFile,
    AUTH_ISSUER: info.auth.issuer,
  };
}

// Only this package writes the file, so it is enough to see that its five parts exist.
function isStackInfo(value: unknown): value is StackInfo {
  return isRecord(value) && ['postgres', 'kafka', 'registry', 'redis', 'auth'].every((part) => isRecord(value[part]));
}
