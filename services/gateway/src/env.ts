import { authOf, envReader, listOf, type LogLevel, type ServiceEnv } from '@atlas/runtime/gateway';
import { loginEnv, type LoginEnv } from './login/loginEnv.ts';

/** How many requests a principal may send in a window of `windowSeconds`. */
export interface Limits {
  readonly windowSeconds: number;
  readonly read: number;
  readonly write: number;
  /** For requests without an accepted token, per address. */
  readonly anonymous: number;
}

/** The environment variables of the gateway, parsed (docs/reference/environment.md). */
export interface GatewayEnv {
  readonly host: string;
  /** 0 means any free port. */
  readonly port: number;
  readonly adminPort: number;
  readonly logLevel: LogLevel;
  readonly auth: ServiceEnv['auth'];
  /** If absent, the limits apply to this process only. */
  readonly redisUrl: string | undefined;
  /** The prefix of the keys in Redis. */
  readonly namespace: string;
  /** The REST address of each service. */
  readonly upstreams: ReadonlyMap<string, string>;
  readonly limits: Limits;
  /** How long a service may take to answer, unless its operation says otherwise. */
  readonly timeoutMs: number;
  /** The origins of pages that may call the API (the Fetch standard's CORS protocol). */
  readonly corsOrigins: readonly string[];
  /** Addresses of proxies in front of the gateway, whose `X-Forwarded-For` is trusted. */
  readonly trustedProxies: readonly string[];
  /** If absent, only callers with a token get in. */
  readonly login: LoginEnv | undefined;
}

/**
 * Reads and checks the environment. There is a variable for the address of each service: `FRONT_DESK_URL` for
 * front-desk. Throws `AtlasError` ATLAS_ENV, or exits if `env` is `process.env` itself, as `serviceEnv` does.
 */
export function gatewayEnv(env: Readonly<Record<string, string | undefined>>, services: readonly string[]): GatewayEnv {
  const reader = envReader(env);
  const { optional, url, port, count, matching, logLevel, faults } = reader;
  const corsOrigins = listOf(optional('GATEWAY_CORS_ORIGINS') ?? '');
  if (!corsOrigins.every((origin) => URL.canParse(origin) && new URL(origin).origin === origin))
    faults.push('GATEWAY_CORS_ORIGINS is not a list of origins such as https://shop.example.org, separated by commas');
  const upstreams = services.map((service) => {
    const name = addressVariable(service);
    const address = url(name, ['http:', 'https:']);
    const hasPath = URL.canParse(address) && !/^\/?$/.test(new URL(address).pathname + new URL(address).search);
    if (hasPath) faults.push(`${name} has a path, but the routes of the contract have it already`);
    return [service, address] as const;
  });
  const trustedProxies = listOf(optional('GATEWAY_TRUSTED_PROXIES') ?? '');
  if (!trustedProxies.every((proxy) => /^[0-9a-fA-F.:]+(\/\d{1,3})?$/.test(proxy)))
    faults.push('GATEWAY_TRUSTED_PROXIES is not a list of addresses or subnets, separated by commas');
  const auth = authOf(reader);
  return reader.checked({
    host: optional('HOST') ?? '127.0.0.1',
    port: port('PORT'),
    adminPort: port('ADMIN_PORT'),
    logLevel: logLevel(),
    auth,
    redisUrl: optional('REDIS_URL') === undefined ? undefined : url('REDIS_URL', ['redis:', 'rediss:']),
    namespace: matching(
      'ATLAS_NAMESPACE',
      /^[A-Za-z0-9._-]{0,100}$/,
      'may only have letters, digits, ".", "_" and "-"',
      '',
    ),
    upstreams: new Map(upstreams),
    limits: {
      windowSeconds: count('GATEWAY_LIMIT_WINDOW_SECONDS', 60, 1, 'seconds', 3_600),
      read: count('GATEWAY_LIMIT_READ', 6_000, 1, 'requests'),
      write: count('GATEWAY_LIMIT_WRITE', 3_000, 1, 'requests'),
      anonymous: count('GATEWAY_LIMIT_ANONYMOUS', 1_200, 1, 'requests'),
    },
    timeoutMs: count('GATEWAY_TIMEOUT_SECONDS', 30, 1, 'seconds', 300) * 1_000,
    corsOrigins,
    trustedProxies,
    login: loginEnv(reader, auth.issuer),
  });
}

function addressVariable(service: string): string {
  return `${service.replaceAll('-', '_').toUpperCase()}_URL`;
}
