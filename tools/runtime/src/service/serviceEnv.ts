import { ALGORITHMS, type Trust } from '../adapters/jose/tokenVerifier.ts';
import { HANDLER_MS } from '../inbox/options.ts';
import { envReader, type EnvReader, type LogLevel } from './envReader.ts';
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
    /** For how long the broker may get no sign of life from a member of the group. */
    readonly sessionMs: number;
  };
  readonly registryUrl: string;
  readonly host: string;
  /** 0 means any free port. */
  readonly port: number;
  readonly adminPort: number;
  /** The prefix of topics, subjects and group ids. */
  readonly namespace: string;
  /** Which tokens are accepted. Their audience is the name of the service. */
  readonly auth: Trust;
  /** The keys of signed webhooks, by variable. */
  readonly webhookKeys: WebhookKeys;
  readonly logLevel: LogLevel;
  readonly retention: Retention;
  /** How long a handler of events may take, in milliseconds. */
  readonly handlerMs: number;
  /** For how long a start waits for a database that does not answer, in milliseconds. */
  readonly startPatienceMs: number;
}

/** A rebalance of the group waits at most 30 s for a member that is in the middle of an event. */
const MAX_HANDLER_SECONDS = 20;

/** The algorithms of Keycloak's realms and of the key that `make up` makes. */
const DEFAULT_ALGORITHMS = 'RS256,ES256';

/**
 * Reads and checks the environment of a service. Throws `AtlasError` ATLAS_ENV with one sentence that names every wrong
 * variable. The sentence has no values, because some are secret. If `env` is `process.env` itself, the sentence goes to
 * stderr and the process exits with code 1.
 */
export function serviceEnv(env: Readonly<Record<string, string | undefined>>): ServiceEnv {
  const reader = envReader(env);
  const { faults, optional, required, url, port, count, matching, logLevel } = reader;
  const brokers = listOf(required('KAFKA_BROKERS'));
  if (!brokers.every((broker) => /^[^\s:]+:\d{1,5}$|^\[[0-9a-fA-F:]+\]:\d{1,5}$/.test(broker)))
    faults.push('KAFKA_BROKERS is not a list of host:port, separated by commas');
  const username = optional('KAFKA_USERNAME');
  const password = optional('KAFKA_PASSWORD');
  if ((username === undefined) !== (password === undefined))
    faults.push(
      `${username === undefined ? 'KAFKA_USERNAME' : 'KAFKA_PASSWORD'} is not set, but the other of the two is`,
    );
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
    auth: authOf(reader),
    webhookKeys: webhookKeysIn(env, faults),
    logLevel: logLevel(),
    retention: {
      deadDays: count('ATLAS_KEEP_DEAD_DAYS', RETENTION.deadDays, 7, 'days'),
      inboxDays: count('ATLAS_KEEP_INBOX_DAYS', RETENTION.inboxDays, 1, 'days'),
      idempotencyDays: count('ATLAS_KEEP_IDEMPOTENCY_DAYS', RETENTION.idempotencyDays, 1, 'days'),
      sequenceDays: count('ATLAS_KEEP_SEQUENCE_DAYS', RETENTION.sequenceDays, 1, 'days'),
    },
    handlerMs: count('ATLAS_HANDLER_SECONDS', HANDLER_MS / 1_000, 1, 'seconds', MAX_HANDLER_SECONDS) * 1_000,
    startPatienceMs: count('ATLAS_START_PATIENCE_SECONDS', 60, 0, 'seconds') * 1_000,
  };
  return reader.checked(read);
}

/** How tokens are verified. */
export function authOf({ faults, optional, required, url }: EnvReader): Trust {
  const keySource = (): Trust['keys'] => {
    const file = optional('AUTH_JWKS_FILE');
    if (optional('AUTH_JWKS_URL') === undefined) {
      if (file === undefined) faults.push('AUTH_JWKS_URL or AUTH_JWKS_FILE is not set');
      return { file: file ?? '' };
    }
    if (file !== undefined) faults.push('AUTH_JWKS_URL and AUTH_JWKS_FILE are both set');
    const read = url('AUTH_JWKS_URL', ['http:', 'https:']);
    // the address is logged, and clients refuse to send such credentials
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
  return { keys: keySource(), issuer: required('AUTH_ISSUER'), algorithms: algorithms() };
}

/** The items of a comma-separated list. */
export function listOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
