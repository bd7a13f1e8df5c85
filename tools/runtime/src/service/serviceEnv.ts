import { AtlasError } from '../contract/atlasError.ts';

/** What a process is told from outside (docs/reference/environment.md). */
export interface ServiceEnv {
  readonly databaseUrl: string;
  readonly kafka: {
    readonly brokers: readonly string[];
    readonly username: string | undefined;
    readonly password: string | undefined;
  };
  readonly registryUrl: string;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly adminPort: number;
  /** Put before topics, subjects and group ids. */
  readonly namespace: string;
  readonly auth: { readonly jwksFile: string; readonly issuer: string; readonly audience: string };
  readonly logLevel: LogLevel;
}

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LEVELS)[number];

/**
 * Reads and checks the environment of a service. Throws `AtlasError` ATLAS_ENV with one sentence that names every variable at fault;
 * values are not repeated, since some are secret. Given `process.env` itself, it is the process that isn't fit to start:
 * the sentence goes to stderr and the exit code is 1.
 */
export function serviceEnv(env: Readonly<Record<string, string | undefined>>): ServiceEnv {
  const faults: string[] = [];
  const optional = (name: string): string | undefined => {
    const value = env[name]?.trim();
    return value === '' ? undefined : value;
  };
  const required = (name: string): string => {
    const value = optional(name);
    if (value === undefined) faults.push(`${name} is not set`);
    return value ?? '';
  };
  const url = (name: string, protocols: readonly string[]): string => {
    const value = required(name);
    const protocol = URL.canParse(value) ? new URL(value).protocol : '';
    if (value !== '' && !protocols.includes(protocol))
      faults.push(`${name} is no ${protocols.join('// or ')}// address`);
    return value;
  };
  const port = (name: string): number => {
    const value = optional(name) ?? '0';
    const number = /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN;
    if (!(number <= 65_535)) faults.push(`${name} is no port from 0 to 65535`);
    return number;
  };
  const matching = (name: string, form: RegExp, what: string, fallback: string): string => {
    const value = optional(name) ?? fallback;
    if (!form.test(value)) faults.push(`${name} ${what}`);
    return value;
  };
  const brokers = required('KAFKA_BROKERS')
    .split(',')
    .map((broker) => broker.trim())
    .filter((broker) => broker !== '');
  if (!brokers.every((broker) => /^[^\s:]+:\d{1,5}$|^\[[0-9a-fA-F:]+\]:\d{1,5}$/.test(broker)))
    faults.push('KAFKA_BROKERS is no list of host:port, separated by commas');
  const username = optional('KAFKA_USERNAME');
  const password = optional('KAFKA_PASSWORD');
  if ((username === undefined) !== (password === undefined))
    faults.push(`${username === undefined ? 'KAFKA_USERNAME' : 'KAFKA_PASSWORD'} is not set, but its other half is`);
  const level = optional('LOG_LEVEL') ?? 'info';
  const logLevel = LEVELS.find((known) => known === level);
  if (logLevel === undefined) faults.push(`LOG_LEVEL is none of ${LEVELS.join(', ')}`);

  const read: ServiceEnv = {
    databaseUrl: url('DATABASE_URL', ['postgres:', 'postgresql:']),
    kafka: { brokers, username, password },
    registryUrl: url('SCHEMA_REGISTRY_URL', ['http:', 'https:']),
    host: optional('HOST') ?? '127.0.0.1',
    port: port('PORT'),
    adminPort: port('ADMIN_PORT'),
    namespace: matching(
      'ATLAS_NAMESPACE',
      /^[A-Za-z0-9._-]{0,100}$/,
      'has other than letters, digits, ".", "_", "-"',
      '',
    ),
    auth: {
      jwksFile: required('AUTH_JWKS_FILE'),
      issuer: required('AUTH_ISSUER'),
      audience: required('AUTH_AUDIENCE'),
    },
    logLevel: logLevel ?? 'info',
  };
  if (faults.length === 0) return read;
  const message = `the environment is not fit to start: ${faults.join('; ')}`;
  if (env === process.env) {
    process.stderr.write(`${message}\n`);
    process.exit(1);
  }
  throw new AtlasError('ATLAS_ENV', message);
}
