import type { envReader } from '@atlas/runtime/gateway';

/** How people with a browser log in (OpenID Connect), and how long they stay logged in. */
export interface LoginEnv {
  /** The origin under which browsers know the gateway: `https://erp.example.org`. */
  readonly publicUrl: string;
  readonly issuer: string;
  /** The address of the issuer's metadata (OpenID Connect Discovery 1.0, section 4). */
  readonly discoveryUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Keys of 32 bytes. The first one seals cookies; all of them can open cookies. */
  readonly sessionKeys: readonly Uint8Array[];
  /** After how many milliseconds a session without requests ends. */
  readonly idleMs: number;
  /** After how many milliseconds a session ends in any case. */
  readonly longestMs: number;
}

/** Reads the variables of the login. Undefined if GATEWAY_LOGIN_CLIENT_ID is not set: then nobody can log in. */
export function loginEnv(
  { faults, optional, required, url, count }: ReturnType<typeof envReader>,
  issuer: string,
): LoginEnv | undefined {
  const clientId = optional('GATEWAY_LOGIN_CLIENT_ID');
  if (clientId === undefined) return undefined;
  const publicUrl = url('GATEWAY_PUBLIC_URL', ['http:', 'https:']);
  if (URL.canParse(publicUrl) && new URL(publicUrl).origin !== publicUrl)
    faults.push('GATEWAY_PUBLIC_URL is not an origin such as https://erp.example.org');
  const discoveryUrl =
    optional('GATEWAY_LOGIN_DISCOVERY_URL') ?? `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  if (!/^https?:\/\/.*\/\.well-known\/[^?#]+$/.test(discoveryUrl))
    faults.push('GATEWAY_LOGIN_DISCOVERY_URL, or AUTH_ISSUER without it, is not the http(s) address of an issuer');
  const texts = required('GATEWAY_SESSION_KEYS').split(',');
  const sessionKeys = texts.map((text) => Buffer.from(text.trim(), 'base64'));
  if (texts.length > 2 || sessionKeys.some(({ length }) => length !== 32))
    faults.push('GATEWAY_SESSION_KEYS is not the base64 of 32 bytes, or two of them, separated by a comma');
  const minute = 60_000;
  return {
    publicUrl,
    issuer,
    discoveryUrl,
    clientId,
    clientSecret: required('GATEWAY_LOGIN_CLIENT_SECRET'),
    sessionKeys,
    idleMs: count('GATEWAY_SESSION_IDLE_MINUTES', 30, 1, 'minutes', 1_440) * minute,
    longestMs: count('GATEWAY_SESSION_HOURS', 10, 1, 'hours', 168) * 60 * minute,
  };
}
