import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { scene, type Scene } from './scene.ts';
import { LOGIN, logOut, PUBLIC, SESSION, sealedSession } from './sealedSession.ts';
import { Visitor } from './visitor.ts';

/**
 * Tests the limits of a session, and a session whose issuer does not answer. The session is sealed here with the
 * gateway's key.
 */

const MINUTE = 60_000;
let here: Scene;
let visitor: Visitor;

beforeAll(async () => {
  here = await scene({
    env: { ...LOGIN, GATEWAY_SESSION_IDLE_MINUTES: '30', GATEWAY_SESSION_HOURS: '2' },
  });
});
afterAll(() => here.stop());
beforeEach(() => {
  visitor = new Visitor();
});
afterEach(() => vi.useRealTimers());

const later = (milliseconds: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + milliseconds });
const logIn = (expiresIn: number, claims?: Readonly<Record<string, unknown>>) =>
  sealedSession(here, visitor, { expiresIn, claims });

const go = async () => (await visitor.go(`${here.gateway.url}/v1/tickets/7`)).status;
const cookie = () => visitor.cookies(here.gateway.url).get(SESSION);

describe('a session', () => {
  it('ends if it is not used for the longest idle time', async () => {
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
    // the issuer may come back
    expect(cookie()).toBeDefined();
  });

  it('ends here if the issuer does not answer when the person logs out', async () => {
    await logIn(10 * MINUTE);
    const copied = cookie() ?? '';
    const out = await logOut(here, visitor);
    expect([out.status, cookie()]).toEqual([503, undefined]);
    expect(out.text).toContain('You are logged out here, but the login server does not answer');
    // it has also ended for a copied cookie
    visitor.cookies(here.gateway.url).set(SESSION, copied);
    expect([await go(), cookie()]).toEqual([302, undefined]);
  });

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['without a token', { accessToken: undefined }],
    ['whose times are texts', { beganAt: 'now' }],
    ['without an id', { id: undefined }],
  ])('%s is none', async (_what, claims) => {
    await logIn(10 * MINUTE, claims);
    expect(await go()).toBe(302);
  });

  it('is not accepted if a service would refuse its token', async () => {
    await logIn(10 * MINUTE, { accessToken: 'x' });
    const seen = await visitor.go(`${here.gateway.url}/v1/tickets/7`);
    expect(seen.status).toBe(401);
    expect(seen.body).toContain(`${PUBLIC}/login?returnTo=%2Fv1%2Ftickets%2F7`);
  });
});
