import fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { byHand } from './byHand.ts';
import { VENUE, WISH } from './desk.ts';
import { startClient } from './cost.ts';
import { fireAway } from './load.ts';
import { addDuties } from './sameDuties.ts';

describe('the routes written by hand', () => {
  const app = byHand();
  let url: string;
  beforeAll(async () => {
    url = await app.listen({ port: 0 });
  });
  afterAll(() => app.close());

  it('answer with seats and quotes, and refuse what their schemas refuse', async () => {
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

  it('give the same answers with the same duties, and no answer that breaks its schema', async () => {
    const strict = byHand({ sameDuties: true });
    const list = await strict.inject({ url: `/v1/venues/${VENUE}/seats?limit=2` });
    expect(list.json()).toEqual((await app.inject({ url: `/v1/venues/${VENUE}/seats?limit=2` })).json());
    expect(list.headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    expect(list.headers['x-correlation-id']).toMatch(/^[0-9a-f-]{36}$/);
    await strict.close();
    const wrong = fastify();
    addDuties(wrong);
    const response = { 200: { type: 'object', properties: { n: { type: 'integer', maximum: 1 } } } };
    wrong.get('/', { schema: { response } }, async () => ({ n: 2 }));
    expect((await wrong.inject({ url: '/' })).statusCode).toBe(500);
  });

  it('can be put under load, which ends at the first wrong answer', async () => {
    const load = { url, connections: 4, milliseconds: 50 };
    const shot = { method: 'GET', path: `/v1/venues/${VENUE}/seats?limit=1` } as const;
    expect(await fireAway({ ...load, shot })).toBeGreaterThan(0);
    await expect(fireAway({ ...load, shot: { method: 'GET', path: '/nowhere' } })).rejects.toThrow('answers 404');
  });

  it('cost this thread less time than a client in another process waits', async () => {
    const client = startClient();
    const shot = { method: 'POST', path: '/v1/quotes', body: JSON.stringify(WISH) } as const;
    const began = performance.now();
    const micros = await client.microsPerRequest({ url, shot, connections: 1, milliseconds: 50 });
    expect(micros).toBeGreaterThan(0);
    expect(micros).toBeLessThan((performance.now() - began) * 1_000);
    const nowhere = { method: 'GET', path: '/nowhere' } as const;
    await expect(client.microsPerRequest({ url, shot: nowhere, connections: 1, milliseconds: 50 })).rejects.toThrow(
      'answers 404',
    );
    client.stop();
  });
});
