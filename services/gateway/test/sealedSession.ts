import { randomBytes, randomUUID } from 'node:crypto';
import { Cookies } from '../src/login/cookies.ts';
import { Sealer } from '../src/login/sealer.ts';
import type { Scene } from './scene.ts';
import type { Seen, Visitor } from './visitor.ts';

/** The origin of gateways whose login server does not answer. */
export const PUBLIC = 'http://127.0.0.1:4010';
export const SESSION = 'atlas-session';

const key = randomBytes(32);
const sealer = new Sealer([key]);
const cookies = new Cookies(PUBLIC);

/** The environment of such a gateway. All of them have the same key. */
export const LOGIN = {
  GATEWAY_PUBLIC_URL: PUBLIC,
  GATEWAY_LOGIN_CLIENT_ID: 'theatre-gateway',
  GATEWAY_LOGIN_CLIENT_SECRET: 'secret',
  GATEWAY_LOGIN_DISCOVERY_URL: 'http://127.0.0.1:9/.well-known/openid-configuration',
  GATEWAY_SESSION_KEYS: key.toString('base64'),
};

export interface SealedSession {
  /** The person; Kim by default. */
  readonly sub?: string;
  /** Milliseconds until its access token expires. */
  readonly expiresIn: number;
  /** Replaces the usual claims. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
}

/** Gives a gateway's visitor a session that began a moment ago, sealed with the gateway's key. */
export async function sealedSession(
  here: Scene,
  visitor: Visitor,
  { sub = 'kim', expiresIn, claims }: SealedSession,
): Promise<void> {
  const [, accessToken = ''] = (await here.bearer(sub, ['clerk'], `${expiresIn / 1_000}s`)).split(' ');
  const now = Date.now();
  const session = {
    id: randomUUID(),
    accessToken,
    idToken: accessToken,
    accessUntil: now + expiresIn,
    beganAt: now,
    seenAt: now,
    ...claims,
  };
  const sealed = await sealer.seal('session', session, now + 30 * 60_000);
  for (const text of cookies.write('session', sealed)) {
    const [, name = '', value = ''] = /^([^=]*)=([^;]*)/.exec(text) ?? [];
    visitor.cookies(here.gateway.url).set(name, value);
  }
}

/** Logs a visitor out, as the first page does. */
export function logOut({ gateway }: Pick<Scene, 'gateway'>, visitor: Visitor): Promise<Seen> {
  const headers = { accept: 'text/html', 'sec-fetch-site': 'same-origin', origin: gateway.url };
  return visitor.go(`${gateway.url}/logout`, { method: 'POST', headers });
}
