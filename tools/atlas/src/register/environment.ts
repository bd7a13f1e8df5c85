import { UsageError } from '../diagnostics/usageError.ts';

/** The registry and the broker that `register` uses. */
export interface RegisterEnvironment {
  /** Base URL of the Confluent API, without a slash at the end. */
  readonly registryUrl: string;
  readonly brokers: readonly string[];
  readonly sasl?: { readonly username: string; readonly password: string };
  /** Prefix of every topic and subject. */
  readonly namespace: string;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** Reads SCHEMA_REGISTRY_URL, KAFKA_BROKERS, KAFKA_USERNAME, KAFKA_PASSWORD, ATLAS_NAMESPACE. Throws `UsageError`. */
export function registerEnvironment(env: Variables): RegisterEnvironment {
  const registryUrl = required(env, 'SCHEMA_REGISTRY_URL').replace(/\/+$/, '');
  if (!/^https?:\/\//.test(registryUrl) || !URL.canParse(registryUrl))
    throw new UsageError(
      'SCHEMA_REGISTRY_URL is not a URL: write https://host:port, with user:password@ before the host if needed',
    );
  const brokers = required(env, 'KAFKA_BROKERS')
    .split(',')
    .map((broker) => broker.trim())
    .filter((broker) => broker !== '');
  const wrong = brokers.find((broker) => !/^[^\s:]+:\d{1,5}$|^\[[^\]]+\]:\d{1,5}$/.test(broker));
  if (wrong !== undefined) throw new UsageError(`KAFKA_BROKERS: ${wrong} is not host:port`);
  const namespace = env['ATLAS_NAMESPACE'] ?? '';
  if (!/^[A-Za-z0-9._-]{0,100}$/.test(namespace))
    throw new UsageError('ATLAS_NAMESPACE: use at most 100 letters, digits, ".", "_" and "-"');
  const { KAFKA_USERNAME: username, KAFKA_PASSWORD: password } = env;
  if (username === undefined || username === '') return { registryUrl, brokers, namespace };
  if (password === undefined || password === '')
    throw new UsageError('KAFKA_USERNAME is set, but KAFKA_PASSWORD is not');
  return { registryUrl, brokers, namespace, sasl: { username, password } };
}

function required(env: Variables, name: string): string {
  const value = env[name]?.trim() ?? '';
  if (value === '') throw new UsageError(`${name} is not set; register needs SCHEMA_REGISTRY_URL and KAFKA_BROKERS`);
  return value;
}
