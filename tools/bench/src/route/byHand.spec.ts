import { afterAll, describe, expect, it } from 'vitest';
import { byHand } from './byHand.ts';
import { VENUE, WISH } from './desk.ts';
import { requestsPerSecond } from './load.ts';

describe('the route by hand', () => {
  const app = byHand();
  afterAll(() => app.close());

  it('gives seats and quotes, and refuses what the schema refuses', async () => {
    const list = await app.inject({ url: `/v1/venues/${VENUE}/seats?limit=2`, headers: { 'x-correlation-id': 'c-1' } });
    expect(list.json()).toMatchObject({
      items: [
        { row: 'A', number: 1 },
        { row: 'A', number: 2 },
      ],
    });
    expect(list.headers['x-correlation-id']).toBe('c-1');
    const quoted = await app.inject({ method: 'POST', url: '/v1/quotes', payload: WISH });
    expect(quoted.json()).toMatchObject({ total: { amountMinor: 14_300, currency: 'EUR' } });
    const refused = await app.inject({ method: 'POST', url: '/v1/quotes', payload: { ...WISH, extra: 1 } });
    expect(refused.statusCode).toBe(400);
  });

  it('can be put under load, and a wrong answer stops the measurement', async () => {
    const url = await app.listen({ port: 0 });
    expect(
      await requestsPerSecond(url, { method: 'GET', path: `/v1/venues/${VENUE}/seats?limit=1` }, 4, 50),
    ).toBeGreaterThan(0);
    await expect(requestsPerSecond(url, { method: 'GET', path: '/nowhere' }, 1, 50)).rejects.toThrow('answers 404');
  });
});
