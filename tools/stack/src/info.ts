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

export interface KeycloakInfo {
  readonly url: string;
  /** The `iss` of tokens. */
  readonly issuer: string;
  /** Its public keys, a JWK Set. */
  readonly jwksUrl: string;
  /** The client for getting a token with a name and a password. */
  readonly client: string;
  /** The client for people who log in at the gateway. */
  readonly gateway: {
    readonly discoveryUrl: string;
    readonly clientId: string;
    readonly clientSecret: string;
  };
  /** An administrator of the master realm. */
  readonly admin: Credentials;
  /** The users of specs/realm.yaml, by name. */
  readonly users: Readonly<Record<string, Credentials & { readonly roles: readonly string[] }>>;
}

/** Addresses and credentials of a running stack: the content of `.atlas/stack/stack.json`. */
export interface StackInfo {
  readonly postgres: {
    readonly host: string;
    readonly port: number;
    readonly adminUrl: string;
    /** The folder with its Unix socket, see `throughSocket`. Absent if it is not ours, or has no socket. */
    readonly socketFolder?: string;
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
  /** Absent unless Keycloak was requested. */
  readonly keycloak?: KeycloakInfo;
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

/** The issuer whose tokens a service accepts: `mintToken` issues local ones, `login` gives those of Keycloak. */
export type Issuer = 'local' | 'keycloak';

/**
 * The environment of a service's process, without PORT and ADMIN_PORT. Throws if the stack does not have the service,
 * or not that issuer.
 */
export function serviceEnvironment(info: StackInfo, service: string, issuer: Issuer = 'local'): Record<string, string> {
  const database = info.postgres.services[service];
  const user = info.kafka.users[service];
  if (database === undefined || user === undefined) {
    const known = Object.keys(info.postgres.services).join(', ');
    throw new Error(`the stack has no service "${service}" (it has: ${known}); add it to the specs and run "make up"`);
  }
  return {
    DATABASE_URL: throughSocket(info, database.appUrl),
    KAFKA_BROKERS: info.kafka.brokers.join(','),
    KAFKA_USERNAME: user.username,
    KAFKA_PASSWORD: user.password,
    SCHEMA_REGISTRY_URL: info.registry.url,
    ...sharedEnvironment(info, issuer),
  };
}

/**
 * The same address of the stack's Postgres, but through its Unix socket if it has one: with the same roles and
 * passwords, and less processor time than TCP. Programs on this machine get it.
 */
export function throughSocket({ postgres: { socketFolder } }: Pick<StackInfo, 'postgres'>, url: string): string {
  if (socketFolder === undefined) return url;
  const address = new URL(url);
  address.hostname = encodeURIComponent(socketFolder);
  return address.href;
}

/** The part of the environment that every program has, even one without a database and a user of the broker. */
export function sharedEnvironment(info: StackInfo, issuer: Issuer = 'local'): Record<string, string> {
  return {
    REDIS_URL: info.redis.url,
    HOST: '127.0.0.1',
    ...issuerEnvironment(info, issuer),
  };
}

function issuerEnvironment(info: StackInfo, issuer: Issuer): Record<string, string> {
  if (issuer === 'local') return { AUTH_JWKS_FILE: info.auth.jwksFile, AUTH_ISSUER: info.auth.issuer };
  const { jwksUrl, issuer: name } = keycloakOf(info);
  return { AUTH_JWKS_URL: jwksUrl, AUTH_ISSUER: name };
}

/** The stack's Keycloak. Throws if there is none. */
export function keycloakOf({ keycloak }: StackInfo): KeycloakInfo {
  if (keycloak === undefined) throw new Error('the stack has no Keycloak: run "make up WITH=keycloak"');
  return keycloak;
}

// Only this package writes the file, so it is enough to see that its five parts exist.
function isStackInfo(value: unknown): value is StackInfo {
  return isRecord(value) && ['postgres', 'kafka', 'registry', 'redis', 'auth'].every((part) => isRecord(value[part]));
}
