import type { Credentials } from './info.ts';

/** Servers that the environment names. They are used instead of starting one. */
export interface ExternalServers {
  readonly postgres?: string;
  readonly kafka?: Credentials & {
    readonly brokers: readonly string[];
    /**
     * The password of each service's user, which has the name of the service. Without it, every service uses the admin.
     */
    readonly servicePassword?: string;
  };
  readonly registry?: string;
  readonly redis?: string;
  /** With the credentials of an administrator of its master realm. */
  readonly keycloak?: Credentials & {
    readonly url: string;
    /** The address for people, which tokens have as `iss`; by default `url`. */
    readonly publicUrl?: string;
  };
}

/**
 * Reads ATLAS_POSTGRES_URL, ATLAS_KAFKA_BROKERS (with ATLAS_KAFKA_USERNAME and ATLAS_KAFKA_PASSWORD of an admin, and
 * ATLAS_KAFKA_SERVICE_PASSWORD of all others), ATLAS_REGISTRY_URL, ATLAS_REDIS_URL, and ATLAS_KEYCLOAK_URL (with
 * ATLAS_KEYCLOAK_USERNAME and ATLAS_KEYCLOAK_PASSWORD of an administrator, and ATLAS_KEYCLOAK_PUBLIC_URL).
 */
export function externalServers(env: NodeJS.ProcessEnv = process.env): ExternalServers {
  const postgres = text(env, 'ATLAS_POSTGRES_URL');
  const brokers = text(env, 'ATLAS_KAFKA_BROKERS');
  const registry = addressIn(env, 'ATLAS_REGISTRY_URL');
  const redis = text(env, 'ATLAS_REDIS_URL');
  const keycloak = addressIn(env, 'ATLAS_KEYCLOAK_URL');
  return {
    ...(postgres === undefined ? {} : { postgres }),
    ...(brokers === undefined ? {} : { kafka: kafkaOf(brokers, env) }),
    ...(registry === undefined ? {} : { registry }),
    ...(redis === undefined ? {} : { redis }),
    ...(keycloak === undefined ? {} : { keycloak: keycloakOf(keycloak, env) }),
  };
}

function kafkaOf(brokers: string, env: NodeJS.ProcessEnv): NonNullable<ExternalServers['kafka']> {
  const list = brokers
    .split(',')
    .map((broker) => broker.trim())
    .filter(Boolean);
  const servicePassword = text(env, 'ATLAS_KAFKA_SERVICE_PASSWORD');
  return {
    brokers: list,
    ...adminOf('ATLAS_KAFKA', 'BROKERS', env),
    ...(servicePassword === undefined ? {} : { servicePassword }),
  };
}

function keycloakOf(url: string, env: NodeJS.ProcessEnv): NonNullable<ExternalServers['keycloak']> {
  const publicUrl = addressIn(env, 'ATLAS_KEYCLOAK_PUBLIC_URL');
  return { url, ...adminOf('ATLAS_KEYCLOAK', 'URL', env), ...(publicUrl === undefined ? {} : { publicUrl }) };
}

function adminOf(prefix: string, given: string, env: NodeJS.ProcessEnv): Credentials {
  const username = text(env, `${prefix}_USERNAME`);
  const password = text(env, `${prefix}_PASSWORD`);
  if (username === undefined || password === undefined)
    throw new Error(`${prefix}_${given} needs ${prefix}_USERNAME and ${prefix}_PASSWORD too: those of an admin user`);
  return { username, password };
}

function addressIn(env: NodeJS.ProcessEnv, name: string): string | undefined {
  return text(env, name)?.replace(/\/+$/, '');
}

function text(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === undefined || value === '' ? undefined : value;
}
