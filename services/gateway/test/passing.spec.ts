import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { scene, type Scene } from './scene.ts';
import { json } from './upstreamServer.ts';

let here: Scene;
let clerk: string;

beforeAll(async () => {
  here = await scene();
  clerk = await here.bearer('kim');
});
afterAll(() => here.stop());
beforeEach(() => {
  here.tickets.got.length = 0;
  here.tickets.answer = (_got, response) => json(response, 200, { ok: true });
});

const last = () => here.tickets.got.at(-1);

describe('the gateway', () => {
  it('passes a request and its answer on', async () => {
    here.tickets.answer = (got, response) =>
      json(response, 201, { got: got.body.toString() }, { etag: '"1"', location: '/v1/tickets/7' });
    const answer = await here.ask('/v1/tickets?desk=north&x=%2F', {
      method: 'POST',
      headers: { authorization: clerk, 'content-type': 'application/json', 'idempotency-key': 'k-1' },
      body: '{"seat":"A1"}',
    });
    expect([answer.status, await answer.json()]).toEqual([201, { got: '{"seat":"A1"}' }]);
    expect(answer.headers.get('etag')).toBe('"1"');
    expect(answer.headers.get('location')).toBe('/v1/tickets/7');
    expect(last()).toMatchObject({
      method: 'POST',
      url: '/v1/tickets?desk=north&x=%2F',
      headers: { authorization: clerk, 'idempotency-key': 'k-1', 'content-length': '13' },
    });
  });

  it('leaves the choice of a media type to the service, and its headers to a page', async () => {
    const page = {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
      'referrer-policy': 'no-referrer',
      vary: 'accept',
    };
    here.tickets.answer = (_got, response) => response.writeHead(200, page).end('<!doctype html>');
    const accept = 'text/html, */*;q=0.8';
    const answer = await here.ask('/v1/tickets/7', { headers: { authorization: clerk, accept } });
    expect(last()?.headers.accept).toBe(accept);
    expect(Object.fromEntries(answer.headers)).toMatchObject(page);
    here.tickets.answer = (_got, response) => json(response, 406, { code: 'not-acceptable' }, { vary: 'accept' });
    expect((await here.ask('/v1/tickets/7', { headers: { authorization: clerk } })).status).toBe(406);
  });

  it('passes an answer on while the service makes it', async () => {
    const more = Promise.withResolvers<void>();
    here.tickets.answer = (_got, response) => {
      response.writeHead(200, { 'content-type': 'text/csv' }).write('day,cents\r\n');
      more.promise.then(
        () => response.end('2026-11-26,5\r\n'),
        () => {},
      );
    };
    const answer = await here.ask('/v1/tickets/7', { headers: { authorization: clerk } });
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toBe('day,cents\r\n');
    more.resolve();
    expect((await reader?.read())?.value).toBe('2026-11-26,5\r\n');
    expect((await reader?.read())?.done).toBe(true);
  });

  it('answers HEAD if there is a GET', async () => {
    const answer = await here.ask('/v1/tickets/7', { method: 'HEAD', headers: { authorization: clerk } });
    expect([answer.status, await answer.text()]).toEqual([200, '']);
    expect(last()?.method).toBe('HEAD');
  });

  it('keeps a correlation id and a trace of the caller, and makes them if there are none', async () => {
    const trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const headers = { authorization: clerk, 'x-correlation-id': 'c-1', traceparent: trace, tracestate: 'a=1' };
    const kept = await here.ask('/v1/tickets/7', { headers });
    expect(kept.headers.get('x-correlation-id')).toBe('c-1');
    expect(last()?.headers).toMatchObject({ 'x-correlation-id': 'c-1', traceparent: trace, tracestate: 'a=1' });
    const odd = { authorization: clerk, 'x-correlation-id': 'a b', traceparent: '00-zz', tracestate: 'a=1' };
    const made = await here.ask('/v1/tickets/7', { headers: odd });
    const id = made.headers.get('x-correlation-id');
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(last()?.headers['x-correlation-id']).toBe(id);
    expect(last()?.headers['traceparent']).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    expect(last()?.headers['tracestate']).toBeUndefined();
  });

  it("says who is calling, and drops the caller's own headers about that", async () => {
    await here.ask('/v1/tickets/7', {
      headers: {
        authorization: clerk,
        'x-forwarded-for': '10.0.0.1',
        'x-forwarded-host': 'evil.example',
        'x-real-ip': '10.0.0.1',
        forwarded: 'for=10.0.0.1',
        ce_actorid: 'boss',
        'ce-id': '1',
        'x-internal-role': 'admin',
        cookie: 'a=b',
        'x-desk': 'north',
      },
    });
    expect(last()?.headers).toMatchObject({
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-desk': 'north',
    });
    expect(last()?.headers['x-forwarded-host']).toBe(new URL(here.gateway.url).host);
    for (const name of ['x-real-ip', 'forwarded', 'ce_actorid', 'ce-id', 'x-internal-role', 'cookie'])
      expect(last()?.headers[name], name).toBeUndefined();
  });

  it('keeps cookies of services to itself', async () => {
    here.tickets.answer = (_got, response) => json(response, 200, {}, { 'set-cookie': 'role=boss' });
    const answer = await here.ask('/v1/tickets/7', { headers: { authorization: clerk } });
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([200, []]);
  });

  it('gives each answer the headers of a careful API', async () => {
    for (const [path, status] of [
      ['/v1/tickets/7', 200],
      ['/v1/nothing', 404],
    ] as const) {
      const answer = await here.ask(path, { headers: { authorization: clerk } });
      expect(answer.status).toBe(status);
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(answer.headers.get('strict-transport-security')).toMatch(/max-age/);
      expect(answer.headers.get('x-powered-by')).toBeNull();
    }
  });

  it('says that an operation is deprecated and until when it works, also if it refuses', async () => {
    for (const headers of [{ authorization: clerk }, {}]) {
      const answer = await here.ask('/v1/tickets/7', { headers });
      expect(answer.headers.get('deprecation')).toBe('@0');
      expect(answer.headers.get('sunset')).toBe('Mon, 30 Jun 2031 00:00:00 GMT');
    }
  });

  it('lets a signed webhook through with its signature, and without a token', async () => {
    const headers = {
      'content-type': 'application/json',
      'webhook-id': 'w-1',
      'webhook-timestamp': '1',
      'webhook-signature': 'v1,abc',
    };
    const answer = await here.ask('/v1/payments/webhook', { method: 'POST', headers, body: '{ "raw":  1 }' });
    expect(answer.status).toBe(200);
    expect(last()?.headers).toMatchObject({ 'webhook-id': 'w-1', 'webhook-signature': 'v1,abc' });
    expect(last()?.body.toString()).toBe('{ "raw":  1 }');
  });
});
