import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Cookies } from '../src/login/cookies.ts';
import { Sealer } from '../src/login/sealer.ts';
import { scene, type Scene } from './scene.ts';
import { Visitor } from './visitor.ts';

/** The limits of a session, and a session whose issuer does not answer. It is sealed here with the gateway's key. */

const PUBLIC = 'http://127.0.0.1:4010';
const MINUTE = 60_000;
const key = randomBytes(32);
const sealer = new Sealer([key]);
const cookies = new Cookies(PUBLIC);
let here: Scene;
let visitor: Visitor;

beforeAll(async () => {
  here = await scene({
    env: {
      GATEWAY_PUBLIC_URL: PUBLIC,
      GATEWAY_LOGIN_CLIENT_ID: 'theatre-gateway',
      GATEWAY_LOGIN_CLIENT_SECRET: 'secret',
      GATEWAY_LOGIN_DISCOVERY_URL: 'http://127.0.0.1:9/.well-known/openid-configuration',
      GATEWAY_SESSION_KEYS: key.toString('base64'),
      GATEWAY_SESSION_IDLE_MINUTES: '30',
      GATEWAY_SESSION_HOURS: '2',
    },
  });
});
afterAll(() => here.stop());
beforeEach(() => {
  visitor = new Visitor();
});
afterEach(() => vi.useRealTimers());

const later = (milliseconds: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + milliseconds });

/** Gives the visitor a session that began a moment ago, with a token that expires after so long. */
async function logIn(expiresIn: number, more: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const [, accessToken = ''] = (await here.bearer('kim', ['clerk'], `${expiresIn / 1_000}s`)).split(' ');
  const now = Date.now();
  const claims = {
    accessToken,
    idToken: accessToken,
    accessUntil: now + expiresIn,
    beganAt: now,
    seenAt: now,
    ...more,
  };
  put(cookies.write('session', await sealer.seal('session', claims, now + 30 * MINUTE)));
}

function put(set: readonly string[]): void {
  for (const text of set) {
    const [, name = '', value = ''] = /^([^=]*)=([^;]*)/.exec(text) ?? [];
    visitor.cookies(here.gateway.url).set(name, value);
  }
}

const go = async () => (await visitor.go(`${here.gateway.url}/v1/tickets/7`)).status;
const cookie = () => visitor.cookies(here.gateway.url).get('atlas-session');

describe('a session', () => {
  it('ends if it is not used for as long as it may rest', async () => {
    await logIn(600 * MINUTE);
    later(29 * MINUTE);
    expect(await go()).toBe(200);
    later(29 * MINUTE);
    expect(await go()).toBe(200);
    later(31 * MINUTE);
    expect([await go(), cookie()]).toEqual([302, undefined]);
  });

  it('ends at its longest time, however often it is used', async () => {
    await logIn(600 * MINUTE);
    for (let minute = 0; minute < 110; minute += 10) {
      expect(await go()).toBe(200);
      later(10 * MINUTE);
    }
    expect(await go()).toBe(200);
    later(11 * MINUTE);
    expect(await go()).toBe(302);
  });

  it('has a new cookie at most once per minute', async () => {
    await logIn(600 * MINUTE);
    const first = cookie();
    later(MINUTE / 2);
    await go();
    expect(cookie()).toBe(first);
    later(MINUTE);
    await go();
    expect(cookie()).not.toBe(first);
  });

  it('without a refresh token ends with its token', async () => {
    await logIn(10 * MINUTE);
    later(9.5 * MINUTE);
    expect(await go()).toBe(200);
    later(MINUTE);
    expect([await go(), cookie()]).toEqual([302, undefined]);
  });

  it('goes on until its token expires if the issuer does not answer', async () => {
    await logIn(10 * MINUTE, { refreshToken: 'x' });
    later(9.5 * MINUTE);
    expect(await go()).toBe(200);
    later(MINUTE);
    const seen = await visitor.go(`${here.gateway.url}/v1/tickets/7`);
    expect([seen.status, seen.headers.get('retry-after')]).toEqual([503, '1']);
    expect(seen.text).toContain('The login server does not answer as it should');
    // it may come back
    expect(cookie()).toBeDefined();
  });

  it('ends here if the issuer does not answer when the person logs out', async () => {
    await logIn(10 * MINUTE);
    const headers = { accept: 'text/html', 'sec-fetch-site': 'same-origin' };
    const out = await visitor.go(`${here.gateway.url}/logout`, { method: 'POST', headers });
    expect([out.status, cookie()]).toEqual([503, undefined]);
    expect(out.text).toContain('You are logged out here, but the login server does not answer');
  });

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['without a token', { accessToken: undefined }],
    ['whose times are texts', { beganAt: 'now' }],
  ])('%s is none', async (_what, claims) => {
    await logIn(10 * MINUTE, claims);
    expect(await go()).toBe(302);
  });

  it('whose token a service would refuse is none', async () => {
    await logIn(10 * MINUTE, { accessToken: 'x' });
    const seen = await visitor.go(`${here.gateway.url}/v1/tickets/7`);
    expect(seen.status).toBe(401);
    expect(seen.body).toContain(`${PUBLIC}/login?returnTo=%2Fv1%2Ftickets%2F7`);
  });
});
