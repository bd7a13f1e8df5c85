import { once } from 'node:events';
import { connect } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { Ajv } from 'ajv';
import fastify from 'fastify';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { boxOffice } from '../../../test/boxOffice.ts';
import { stubStore, stubSessions } from '../../../test/stubStore.ts';
import { urlOf } from '../../service/listen.ts';
import type { AnyInput } from '../../contract/service.ts';

const SHOW = '/v1/shows/s-1/bookings';
const seen: AnyInput[] = [];
const booked = {
  status: 201,
  body: { bookingId: 'b-1', seats: 1 },
  version: 3n,
  events: [{ type: 'NoticePosted', data: { text: 't' } }],
};

const office = await boxOffice(
  '',
  {
    bookSeats: async (input) => {
      seen.push(input);
      return booked;
    },
    getBooking: async () => ({ status: 200, body: { bookingId: 'b-1', seats: 1 }, version: 7n }),
    changeSeats: async () => {
      throw new Error('password=hunter2');
    },
    closeShow: async () => ({ status: 204, events: [] }),
  },
  { store: stubStore(), ...stubSessions },
);
afterAll(() => office.stop());

function post(payload: string | Buffer, headers: Record<string, string> = {}) {
  return office.app.inject({
    method: 'POST',
    url: SHOW,
    headers: { authorization: 'kim clerk', 'idempotency-key': 'k-1', 'content-type': 'application/json', ...headers },
    payload,
  });
}

describe('a request', () => {
  it('reaches the handler parsed, and its response has the headers of the plumbing', async () => {
    const answer = await post('{"seats":2}', { 'x-correlation-id': 'desk-7' });
    expect(answer.statusCode).toBe(201);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      etag: '"3"',
      'x-correlation-id': 'desk-7',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
    const input = seen.at(-1);
    expect(input).toMatchObject({ params: { showId: 's-1' }, body: { seats: 2 } });
    expect(input?.ctx).toMatchObject({ actor: { id: 'kim', roles: ['clerk'] }, correlationId: 'desk-7' });
  });

  it('gets a new correlation id if its own is malformed', async () => {
    const answer = await post('{"seats":2}', { 'x-correlation-id': 'a b\u00e9' });
    expect(answer.headers['x-correlation-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each([
    ['a body that is not JSON', '{"seats":', {}, 400, 'malformed-body'],
    ['an empty body', '', {}, 400, 'validation-failed'],
    ['bytes that are not UTF-8', Buffer.from([0x22, 0xff, 0x22]), {}, 400, 'malformed-body'],
    ['text for a number', '{"seats":"1"}', {}, 400, 'validation-failed'],
    ['null for a number', '{"seats":null}', {}, 400, 'validation-failed'],
    ['an unknown property', '{"seats":1,"vip":true}', {}, 400, 'validation-failed'],
    ['a prototype', '{"seats":1,"__proto__":{"vip":true}}', {}, 400, 'validation-failed'],
    ['an escaped prototype', '{"seats":1,"\\u005f_proto__":{"vip":true}}', {}, 400, 'validation-failed'],
    [
      'another media type',
      'seats=1',
      { 'content-type': 'application/x-www-form-urlencoded' },
      415,
      'unsupported-media-type',
    ],
    ['no media type', '{"seats":1}', { 'content-type': '' }, 415, 'unsupported-media-type'],
    [
      'another charset',
      '{"seats":1}',
      { 'content-type': 'application/json; charset=latin1' },
      415,
      'unsupported-media-type',
    ],
    ['more than a mebibyte', `{"seats":1,"x":"${'x'.repeat(1_048_576)}"}`, {}, 413, 'body-too-large'],
  ])('with %s is refused', async (_what, payload, headers, status, code) => {
    const before = seen.length;
    const answer = await post(payload, headers);
    expect(answer.json()).toMatchObject({ status, code, correlationId: answer.headers['x-correlation-id'] });
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(seen).toHaveLength(before);
  });

  it('gets a pointer to each value that breaks the contract', async () => {
    expect((await post('{"seats":1,"vip":true}')).json().errors).toEqual([
      { pointer: '/vip', detail: 'is not a known property' },
    ]);
    expect((await post('{"seats":1,"__proto__":1}')).json().errors).toEqual([
      { pointer: '/__proto__', detail: 'must not be sent' },
    ]);
    expect((await post('{"seats":1,"\\u005f_proto__":1}')).json().errors).toEqual([
      { pointer: '/__proto__', detail: 'must not be sent' },
    ]);
    const unknown = await office.app.inject({
      url: '/v1/bookings/b-1?colour=red',
      headers: { authorization: 'kim clerk' },
    });
    expect(unknown.json()).toMatchObject({
      status: 400,
      errors: [{ pointer: '/query/colour', detail: 'is not a known parameter' }],
    });
  });

  it('with the right charset in upper or lower case is accepted', async () => {
    expect((await post('{"seats":1}', { 'content-type': 'Application/JSON; Charset="UTF-8"' })).statusCode).toBe(201);
  });

  it('without a token is refused before its body is parsed', async () => {
    const answer = await office.app.inject({ method: 'POST', url: SHOW, payload: '{' });
    expect(answer.json()).toMatchObject({ status: 401, code: 'unauthenticated' });
  });

  it('gets 404 for an unknown path, and 405 with the allowed methods for a known one', async () => {
    expect((await office.app.inject({ url: '/v1/nothing' })).json()).toMatchObject({
      status: 404,
      code: 'not-found-route',
    });
    const wrong = await office.app.inject({ method: 'PUT', url: '/v1/bookings/b-1' });
    expect(wrong.json()).toMatchObject({ status: 405, code: 'method-not-allowed' });
    expect(wrong.headers['allow']).toBe('GET, HEAD, PATCH');
    expect((await office.app.inject({ url: '/v1/bookings/%zz' })).json()).toMatchObject({ status: 400 });
  });

  it('whose handler fails gets no details, but the log has them with the correlation id', async () => {
    const answer = await office.app.inject({
      method: 'PATCH',
      url: '/v1/bookings/b-1',
      headers: {
        authorization: 'kim clerk',
        'if-match': '"1"',
        'content-type': 'application/merge-patch+json',
        'x-correlation-id': 'c-9',
      },
      payload: '{"seats":1}',
    });
    expect(answer.json()).toMatchObject({ status: 500, code: 'internal', correlationId: 'c-9' });
    expect(answer.body).not.toContain('hunter2');
    expect(office.lines).toContainEqual({
      level: 'error',
      message: 'operation failed',
      fields: { err: expect.any(Error), operation: 'changeSeats', correlationId: 'c-9' },
    });
  });

  it('writes one log line without its body, at level debug if it is a successful query', async () => {
    const from = office.lines.length;
    await office.app.inject({
      url: '/v1/bookings/b-1',
      headers: { authorization: 'kim clerk', 'x-correlation-id': 'c-1' },
    });
    await post('{"seats":2}', { 'x-correlation-id': 'c-2' });
    expect(office.lines.slice(from)).toMatchObject([
      { level: 'debug', message: 'answered', fields: { operation: 'getBooking', status: 200, correlationId: 'c-1' } },
      { level: 'info', message: 'answered', fields: { operation: 'bookSeats', status: 201, correlationId: 'c-2' } },
    ]);
    expect(JSON.stringify(office.lines)).not.toContain('seats":2');
  });
});

describe('a response', () => {
  it('of a deprecated operation says so, and has no body if there is no content', async () => {
    const answer = await office.app.inject({ method: 'DELETE', url: '/v1/shows/s-1' });
    expect(answer.statusCode).toBe(204);
    expect(answer.body).toBe('');
    expect(answer.headers).toMatchObject({ deprecation: '@0', sunset: 'Fri, 31 Jan 2031 00:00:00 GMT' });
    expect(answer.headers['content-type']).toBeUndefined();
  });

  it('to HEAD is the response to GET without its body', async () => {
    const answer = await office.app.inject({
      method: 'HEAD',
      url: '/v1/bookings/b-1',
      headers: { authorization: 'kim clerk' },
    });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['etag']).toBe('"7"');
    expect(answer.body).toBe('');
  });
});

describe('the reference', () => {
  const read = (url: string, headers: Record<string, string> = {}) => office.app.inject({ url, headers });

  it('is the document and a page with its script, all from this server', async () => {
    expect((await read('/openapi.json')).json()).toMatchObject({ info: { title: 'Box office' } });
    const page = await read('/docs/');
    expect(page.statusCode).toBe(200);
    expect(page.headers).toMatchObject({ 'x-frame-options': 'DENY', 'referrer-policy': 'no-referrer' });
    expect(page.headers['content-security-policy']).toMatch(/^default-src 'self'; script-src 'self' 'sha256-/);
    expect(page.body).toContain('js/scalar.js');
    expect(page.body.match(/(?:src|href)="https?:/g)).toBeNull();
    expect((await read('/docs/js/scalar.js')).headers['content-type']).toContain('javascript');
    expect((await read('/docs')).headers['location']).toBe('/docs/');
    expect((await read('/docs/openapi.yaml')).body).toContain('title: Box office');
  });

  it.each(['/openapi.json', '/docs/', '/docs/js/scalar.js', '/docs/openapi.json'])(
    'serves %s compressed, and answers 304 to a client that has it',
    async (url) => {
      const plain = await read(url);
      const zipped = await read(url, { 'accept-encoding': 'br, gzip;q=0.5' });
      expect(zipped.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' });
      expect(gunzipSync(zipped.rawPayload).equals(plain.rawPayload)).toBe(true);
      expect((await read(url, { 'accept-encoding': 'gzip;q=0' })).headers['content-encoding']).toBeUndefined();
      expect(plain.headers['cache-control']).toMatch(/^public, /);
      const etag = String(plain.headers['etag']);
      const again = await read(url, { 'if-none-match': `"other", W/${etag}` });
      expect([again.statusCode, again.body, again.headers['etag']]).toEqual([304, '', etag]);
      expect((await read(url, { 'if-none-match': String(zipped.headers['etag']) })).statusCode).toBe(200);
    },
  );

  it('answers HEAD and OPTIONS, and 405 to other methods', async () => {
    for (const url of ['/openapi.json', '/docs', '/docs/']) {
      const ask = (method: 'HEAD' | 'OPTIONS' | 'PUT') => office.app.inject({ method, url });
      expect((await ask('HEAD')).statusCode).toBe(url === '/docs' ? 301 : 200);
      expect(await ask('OPTIONS')).toMatchObject({ statusCode: 204, headers: { allow: 'GET, HEAD, OPTIONS' } });
      expect((await ask('PUT')).json()).toMatchObject({ status: 405, code: 'method-not-allowed' });
    }
    expect((await read('/docs/nope')).json()).toMatchObject({ status: 404, code: 'not-found-route' });
  });

  it('keeps no copy of its script for clients that do not read it', async () => {
    await office.app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = new URL(urlOf(office.app.server));
    const size = (await read('/docs/js/scalar.js')).rawPayload.length;
    const used = (): number => process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
    const before = used();
    const sockets = await Promise.all(
      Array.from({ length: 60 }, async () => {
        const socket = connect(Number(port), '127.0.0.1');
        socket.write('GET /docs/js/scalar.js HTTP/1.1\r\nHost: x\r\n\r\n');
        await once(socket, 'readable');
        return socket;
      }),
    );
    expect(used() - before).toBeLessThan(20 * size);
    for (const socket of sockets) socket.destroy();
  });
});

describe('the start of an app', () => {
  it('compiles no schema', async () => {
    const compile = vi.spyOn(Ajv.prototype, 'compile').mockImplementation(() => {
      throw new Error('compiled a schema');
    });
    // the trap works: this route has a schema to compile
    const trapped = fastify().get('/', { schema: { querystring: { type: 'object' } } }, async () => ({}));
    await expect(trapped.ready()).rejects.toThrow('compiled a schema');
    compile.mockClear();
    const other = await boxOffice('', {}, { store: stubStore(), ...stubSessions });
    expect((await other.app.inject({ method: 'DELETE', url: '/v1/shows/s-1' })).statusCode).toBe(204);
    expect(compile).not.toHaveBeenCalled();
    await other.stop();
    compile.mockRestore();
  });
});
