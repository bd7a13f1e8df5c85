import type { Credentials } from './info.ts';

/** Servers that the environment names. They are used instead of starting one. */
export interface ExternalServers {
  readonly postgres?: string;
  readonly kafka?: { readonly brokers: readonly string[]; readonly username: string; readonly password: string };
  readonly registry?: string;
  readonly redis?: string;
  /** With the credentials of an administrator of its master realm. */
  readonly keycloak?: { readonly url: string; readonly username: string; readonly password: string };
}

/**
 * Reads ATLAS_POSTGRES_URL, ATLAS_KAFKA_BROKERS (with ATLAS_KAFKA_USERNAME and ATLAS_KAFKA_PASSWORD of an admin),
 * ATLAS_REGISTRY_URL, ATLAS_REDIS_URL, and ATLAS_KEYCLOAK_URL (with ATLAS_KEYCLOAK_USERNAME and
 * ATLAS_KEYCLOAK_PASSWORD of an administrator).
 */
export function externalServers(env: NodeJS.ProcessEnv = process.env): ExternalServers {
  const postgres = text(env, 'ATLAS_POSTGRES_URL');
  const brokers = text(env, 'ATLAS_KAFKA_BROKERS');
  const registry = text(env, 'ATLAS_REGISTRY_URL');
  const redis = text(env, 'ATLAS_REDIS_URL');
  const keycloak = text(env, 'ATLAS_KEYCLOAK_URL')?.replace(/\/+$/, '');
  return {
    ...(postgres === undefined ? {} : { postgres }),
    ...(brokers === undefined ? {} : { kafka: kafkaOf(brokers, env) }),
    ...(registry === undefined ? {} : { registry: registry.replace(/\/+$/, '') }),
    ...(redis === undefined ? {} : { redis }),
    ...(keycloak === undefined ? {} : { keycloak: { url: keycloak, ...adminOf('ATLAS_KEYCLOAK', 'URL', env) } }),
  };
}

function kafkaOf(brokers: string, env: NodeJS.ProcessEnv): NonNullable<ExternalServers['kafka']> {
  const list = brokers
    .split(',')
    .map((broker) => broker.trim())
    .filter(Boolean);
  return { brokers: list, ...adminOf('ATLAS_KAFKA', 'BROKERS', env) };
}

function adminOf(prefix: string, given: string, env: NodeJS.ProcessEnv): Credentials {
  const username = text(env, `${prefix}_USERNAME`);
  const password = text(env, `${prefix}_PASSWORD`);
  if (username === undefined || password === undefined)
    throw new Error(`${prefix}_${given} needs ${prefix}_USERNAME and ${prefix}_PASSWORD too: those of an admin user`);
  return { username, password };
}

function text(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === undefined || value === '' ? undefined : value;
}
