import { describe, expect, it } from 'vitest';
import { gatewayEnv } from '../src/env.ts';
import { scene } from './scene.ts';
import { json } from './upstreamServer.ts';

describe('the gateway as a process', () => {
  it('finishes running requests when it stops, and accepts no new ones', async () => {
    const here = await scene();
    const { promise: came, resolve: arrived } = Promise.withResolvers<void>();
    const { promise: mayAnswer, resolve: answerNow } = Promise.withResolvers<void>();
    here.tickets.answer = (_got, response) => {
      arrived();
      void mayAnswer.then(() => json(response, 200, { whole: 'a'.repeat(100_000) }));
    };
    const asked = here.ask('/v1/tickets/7', { headers: { authorization: await here.bearer('kim') } });
    await came;
    const stopped = here.stop();
    await expect
      .poll(() =>
        here.ask('/v1/programme').then(
          () => 'open',
          () => 'closed',
        ),
      )
      .toBe('closed');
    answerNow();
    const answer = await asked;
    expect(await answer.json()).toEqual({ whole: 'a'.repeat(100_000) });
    await stopped;
    await expect(fetch(`${here.gateway.adminUrl}/health/live`)).rejects.toThrow('fetch failed');
  });

  it('trusts a proxy in front of it about the address of the client, if that is configured', async () => {
    const here = await scene({ env: { GATEWAY_TRUSTED_PROXIES: '127.0.0.1' } });
    const headers = { authorization: await here.bearer('kim'), 'x-forwarded-for': '203.0.113.9, 198.51.100.7' };
    await here.ask('/v1/tickets/7', { headers });
    // the last address is the one that the trusted proxy saw
    expect(here.tickets.got[0]?.headers['x-forwarded-for']).toBe('198.51.100.7');
    await here.stop();
  });

  it.each([
    [{}, 'SHOWS_URL is not set'],
    [{ SHOWS_URL: 'redis://x' }, 'SHOWS_URL is not a http:// or https:// address'],
    [{ SHOWS_URL: 'http://x/base' }, 'SHOWS_URL has a path'],
    [{ SHOWS_URL: 'http://x', GATEWAY_CORS_ORIGINS: 'shop.example.org' }, 'GATEWAY_CORS_ORIGINS'],
    [{ SHOWS_URL: 'http://x', GATEWAY_TRUSTED_PROXIES: 'everybody' }, 'GATEWAY_TRUSTED_PROXIES'],
    [{ SHOWS_URL: 'http://x', REDIS_URL: 'http://x' }, 'REDIS_URL'],
    [{ SHOWS_URL: 'http://x', GATEWAY_LIMIT_READ: 'many' }, 'GATEWAY_LIMIT_READ'],
  ])('does not start with %o, and says why', (env, why) => {
    const auth = { AUTH_JWKS_FILE: 'keys.json', AUTH_ISSUER: 'issuer' };
    expect(() => gatewayEnv({ ...auth, ...env }, ['shows'])).toThrow(why);
  });
});
