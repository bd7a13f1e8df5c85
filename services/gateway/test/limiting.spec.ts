import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { scene, type Scene } from './scene.ts';

let here: Scene;

beforeAll(async () => {
  // no window ends during a test
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2031, 0, 1, 12, 30) });
  here = await scene({
    env: {
      GATEWAY_LIMIT_WINDOW_SECONDS: '3600',
      GATEWAY_LIMIT_READ: '3',
      GATEWAY_LIMIT_WRITE: '1',
      GATEWAY_LIMIT_ANONYMOUS: '12',
    },
  });
});
afterAll(async () => {
  vi.useRealTimers();
  await here.stop();
});

const read = (authorization: string) => here.ask('/v1/tickets/7', { headers: { authorization } });

describe('the rate limit', () => {
  it('applies per principal and per class of routes', async () => {
    const kim = await here.bearer('kim', ['clerk', 'manager']);
    const left: (string | null)[] = [];
    for (let call = 0; call < 3; call++) {
      const answer = await read(kim);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('ratelimit-policy')).toBe('"read";q=3;w=3600');
      left.push(answer.headers.get('ratelimit'));
    }
    expect(left.map((text) => text?.replace(/t=\d+$/, 't'))).toEqual(['"read";r=2;t', '"read";r=1;t', '"read";r=0;t']);

    const over = await read(kim);
    expect(over.status).toBe(429);
    expect(await over.json()).toMatchObject({ code: 'rate-limited', status: 429 });
    expect(over.headers.get('ratelimit')).toMatch(/^"read";r=0;t=\d+$/);
    const seconds = Number(over.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(3600);
    expect(here.tickets.got).toHaveLength(3);

    // another token of the same principal does not help; another principal and another class are not limited
    expect((await read(await here.bearer('kim', ['manager']))).status).toBe(429);
    expect((await read(await here.bearer('lee'))).status).toBe(200);
    const write = () => here.ask('/v1/tickets/7/void', { method: 'POST', headers: { authorization: kim } });
    expect([(await write()).status, (await write()).status]).toEqual([200, 429]);
  });

  it('applies per address if there is no token, and for tokens that are not accepted', async () => {
    const statuses: number[] = [];
    for (let call = 0; call < 12; call++)
      statuses.push((await (call % 2 === 0 ? read(`Bearer x${call}`) : here.ask('/v1/programme'))).status);
    expect(statuses.slice(0, 6)).toEqual([401, 200, 401, 200, 401, 200]);
    expect(statuses.at(-1)).toBe(429);
    expect((await read('Bearer y')).status).toBe(429);
  });
});
