import { ALGORITHMS, type Trust } from '../adapters/jose/tokenVerifier.ts';
import { AtlasError } from '../contract/atlasError.ts';
import { HANDLER_MS } from '../inbox/options.ts';
import { SESSION_MS } from '../ports/kafka.ts';
import { RETENTION, type Retention } from './retention/cleaner.ts';
import { webhookKeysIn, type WebhookKeys } from './webhookKeys.ts';

/** The environment variables of a service, parsed (docs/reference/environment.md). */
export interface ServiceEnv {
  readonly databaseUrl: string;
  readonly kafka: {
    readonly brokers: readonly string[];
    readonly username: string | undefined;
    readonly password: string | undefined;
    /** How long a member of the group may give no sign of life. */
    readonly sessionMs: number;
  };
  readonly registryUrl: string;
  readonly host: string;
  /** 0 means any free port. */
  readonly port: number;
  readonly adminPort: number;
  /** Put before topics, subjects and group ids. */
  readonly namespace: string;
  /** Whose tokens are accepted. The audience is the name of the service. */
  readonly auth: Trust;
  /** The keys of signed webhooks, by variable. */
  readonly webhookKeys: WebhookKeys;
  readonly logLevel: LogLevel;
  readonly retention: Retention;
  /** A handler of events that takes longer is given up. */
  readonly handlerMs: number;
  /** For how long a start waits for a database that does not answer. */
  readonly startPatienceMs: number;
}

/** A rebalance of the group waits for 30 s for a member that is in the middle of an event. */
const MAX_HANDLER_SECONDS = 20;

/** Of Keycloak's realms, and of the key that `make up` makes. */
const DEFAULT_ALGORITHMS = 'RS256,ES256';

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LEVELS)[number];

/**
 * Reads and checks the environment of a service. Throws `AtlasError` ATLAS_ENV with one sentence that names every wrong
 * variable. The sentence has no values, because some are secret. If `env` is `process.env` itself, the sentence goes to
 * stderr and the process exits with code 1.
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
      faults.push(`${name} is not a ${protocols.join('// or ')}// address`);
    return value;
  };
  const port = (name: string): number => {
    const value = optional(name) ?? '0';
    const number = /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN;
    if (!(number <= 65_535)) faults.push(`${name} is not a port from 0 to 65535`);
    return number;
  };
  const count = (name: string, fallback: number, least: number, what: string, most = 99_999): number => {
    const value = optional(name) ?? String(fallback);
    const number = /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN;
    const range = most === 99_999 ? `at least ${least}` : `from ${least} to ${most}`;
    if (!(number >= least && number <= most)) faults.push(`${name} is not a number of ${what}, ${range}`);
    return number;
  };
  const matching = (name: string, form: RegExp, what: string, fallback: string): string => {
    const value = optional(name) ?? fallback;
    if (!form.test(value)) faults.push(`${name} ${what}`);
    return value;
  };
  const keySource = (): Trust['keys'] => {
    const file = optional('AUTH_JWKS_FILE');
    if (optional('AUTH_JWKS_URL') === undefined) {
      if (file === undefined) faults.push('AUTH_JWKS_URL or AUTH_JWKS_FILE is not set');
      return { file: file ?? '' };
    }
    if (file !== undefined) faults.push('AUTH_JWKS_URL and AUTH_JWKS_FILE are both set');
    const read = url('AUTH_JWKS_URL', ['http:', 'https:']);
    // it is logged, and clients refuse to send such credentials
    if (URL.canParse(read) && new URL(read).username !== '') faults.push('AUTH_JWKS_URL has a user or a password');
    return { url: read };
  };
  const algorithms = (): Trust['algorithms'] => {
    const names = listOf(optional('AUTH_ALGORITHMS') ?? DEFAULT_ALGORITHMS);
    const known = ALGORITHMS.filter((name) => names.includes(name));
    if (known.length === 0 || known.length !== new Set(names).size)
      faults.push(`AUTH_ALGORITHMS is not a list of ${ALGORITHMS.join(', ')}`);
    return known;
  };
  const brokers = listOf(required('KAFKA_BROKERS'));
  if (!brokers.every((broker) => /^[^\s:]+:\d{1,5}$|^\[[0-9a-fA-F:]+\]:\d{1,5}$/.test(broker)))
    faults.push('KAFKA_BROKERS is not a list of host:port, separated by commas');
  const username = optional('KAFKA_USERNAME');
  const password = optional('KAFKA_PASSWORD');
  if ((username === undefined) !== (password === undefined))
    faults.push(
      `${username === undefined ? 'KAFKA_USERNAME' : 'KAFKA_PASSWORD'} is not set, although the other of the two is`,
    );
  const level = optional('LOG_LEVEL') ?? 'info';
  const logLevel = LEVELS.find((known) => known === level);
  if (logLevel === undefined) faults.push(`LOG_LEVEL is not one of ${LEVELS.join(', ')}`);

  const read: ServiceEnv = {
    databaseUrl: url('DATABASE_URL', ['postgres:', 'postgresql:']),
    kafka: {
      brokers,
      username,
      password,
      sessionMs: count('KAFKA_SESSION_SECONDS', SESSION_MS / 1_000, 6, 'seconds', 60) * 1_000,
    },
    registryUrl: url('SCHEMA_REGISTRY_URL', ['http:', 'https:']),
    host: optional('HOST') ?? '127.0.0.1',
    port: port('PORT'),
    adminPort: port('ADMIN_PORT'),
    namespace: matching(
      'ATLAS_NAMESPACE',
      /^[A-Za-z0-9._-]{0,100}$/,
      'may only have letters, digits, ".", "_" and "-"',
      '',
    ),
    auth: { keys: keySource(), issuer: required('AUTH_ISSUER'), algorithms: algorithms() },
    webhookKeys: webhookKeysIn(env, faults),
    logLevel: logLevel ?? 'info',
    retention: {
      deadDays: count('ATLAS_KEEP_DEAD_DAYS', RETENTION.deadDays, 7, 'days'),
      inboxDays: count('ATLAS_KEEP_INBOX_DAYS', RETENTION.inboxDays, 1, 'days'),
      idempotencyDays: count('ATLAS_KEEP_IDEMPOTENCY_DAYS', RETENTION.idempotencyDays, 1, 'days'),
      sequenceDays: count('ATLAS_KEEP_SEQUENCE_DAYS', RETENTION.sequenceDays, 1, 'days'),
    },
    handlerMs: count('ATLAS_HANDLER_SECONDS', HANDLER_MS / 1_000, 1, 'seconds', MAX_HANDLER_SECONDS) * 1_000,
    startPatienceMs: count('ATLAS_START_PATIENCE_SECONDS', 60, 0, 'seconds') * 1_000,
  };
  if (faults.length === 0) return read;
  const message = `environment variables are missing or wrong: ${faults.join('; ')}`;
  if (env === process.env) {
    process.stderr.write(`${message}\n`);
    process.exit(1);
  }
  throw new AtlasError('ATLAS_ENV', message);
}

function listOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
