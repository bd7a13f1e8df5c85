import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scene, type Scene } from './scene.ts';
import { json } from './upstreamServer.ts';

const SHOP = 'https://shop.example.org';
let here: Scene;

beforeAll(async () => {
  here = await scene({ env: { GATEWAY_CORS_ORIGINS: SHOP } });
});
afterAll(() => here.stop());

const preflight = (origin: string) =>
  here.ask('/v1/tickets', {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'idempotency-key' },
  });

describe('a page of another origin', () => {
  it('may call the API if its origin is configured', async () => {
    const asked = await preflight(SHOP);
    expect(asked.status).toBe(204);
    expect(asked.headers.get('access-control-allow-origin')).toBe(SHOP);
    expect(asked.headers.get('access-control-allow-headers')).toContain('idempotency-key');
    here.tickets.answer = (_got, response) => json(response, 200, {}, { vary: 'accept' });
    const headers = { origin: SHOP, authorization: await here.bearer('kim') };
    const answer = await here.ask('/v1/tickets/7', { headers });
    expect(answer.headers.get('access-control-allow-origin')).toBe(SHOP);
    expect(answer.headers.get('access-control-expose-headers')).toContain('etag');
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    expect(answer.headers.get('vary')).toBe('Origin, accept');
    here.shows.answer = here.tickets.answer;
    for (let call = 0; call < 2; call++) {
      const kept = await here.ask('/v1/programme', { headers: { origin: SHOP } });
      expect([kept.headers.get('vary'), kept.headers.get('access-control-allow-origin')]).toEqual([
        'Origin, accept',
        SHOP,
      ]);
    }
    const refused = await here.ask('/v1/tickets/7', { headers: { origin: SHOP } });
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([401, SHOP]);
  });

  it.each([
    ['/v1/tickets', 405],
    ['/v1/nothing', 404],
  ])('gets a problem if it asks for OPTIONS of %s by itself', async (path, status) => {
    const answer = await here.ask(path, { method: 'OPTIONS', headers: { origin: SHOP } });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.headers.get('access-control-allow-origin')).toBe(SHOP);
  });

  it('may not if it is not', async () => {
    expect((await preflight('https://evil.example.org')).headers.get('access-control-allow-origin')).toBeNull();
  });
});
