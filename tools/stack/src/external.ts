/** Servers that the environment names. They are used instead of starting one. */
export interface ExternalServers {
  readonly postgres?: string;
  readonly kafka?: { readonly brokers: readonly string[]; readonly username: string; readonly password: string };
  readonly registry?: string;
  readonly redis?: string;
}

/**
 * Reads ATLAS_POSTGRES_URL, ATLAS_KAFKA_BROKERS (with ATLAS_KAFKA_USERNAME and ATLAS_KAFKA_PASSWORD of an admin),
 * ATLAS_REGISTRY_URL and ATLAS_REDIS_URL.
 */
export function externalServers(env: NodeJS.ProcessEnv = process.env): ExternalServers {
  const postgres = text(env, 'ATLAS_POSTGRES_URL');
  const brokers = text(env, 'ATLAS_KAFKA_BROKERS');
  const registry = text(env, 'ATLAS_REGISTRY_URL');
  const redis = text(env, 'ATLAS_REDIS_URL');
  return {
    ...(postgres === undefined ? {} : { postgres }),
    ...(brokers === undefined ? {} : { kafka: kafkaOf(brokers, env) }),
    ...(registry === undefined ? {} : { registry: registry.replace(/\/+$/, '') }),
    ...(redis === undefined ? {} : { redis }),
  };
}

function kafkaOf(brokers: string, env: NodeJS.ProcessEnv): NonNullable<ExternalServers['kafka']> {
  const username = text(env, 'ATLAS_KAFKA_USERNAME');
  const password = text(env, 'ATLAS_KAFKA_PASSWORD');
  if (username === undefined || password === undefined) {
    throw new Error(
      'ATLAS_KAFKA_BROKERS needs ATLAS_KAFKA_USERNAME and ATLAS_KAFKA_PASSWORD too: those of an admin user',
    );
  }
  return {
    brokers: brokers
      .split(',')
      .map((broker) => broker.trim())
      .filter(Boolean),
    username,
    password,
  };
}

function text(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === undefined || value === '' ? undefined : value;
}
