import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { boxOffice } from '../../../test/boxOffice.ts';
import { stubSessions, stubStore } from '../../../test/stubStore.ts';
import type { AnyInput } from '../../contract/service.ts';

/** These tests write bytes to a socket, because clients and `inject` would not send most of this. */

const seen: AnyInput[] = [];
const office = await boxOffice(
  '',
  {
    bookSeats: async (input) => {
      seen.push(input);
      return { status: 409, problem: { code: 'sold-out' } };
    },
    getBooking: async (input) => {
      seen.push(input);
      return { status: 200, body: { bookingId: 'b-1', seats: 1 }, version: 7n };
    },
  },
  { store: stubStore(), ...stubSessions },
);
let port = 0;

beforeAll(async () => {
  port = Number(new URL(await office.app.listen({ port: 0, host: '127.0.0.1' })).port);
});
afterAll(() => office.stop());

interface Answer {
  readonly status: number;
  readonly type: string | undefined;
  readonly correlationId: string | undefined;
  readonly connection: string | undefined;
  readonly body: string;
}

/** Sends and reads until the server closes the connection. */
function send(text: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.on('data', (chunk) => chunks.push(chunk));
    // a server that stops reading may reset the connection after its answer
    socket.on('error', (error) => (chunks.length === 0 ? reject(error) : undefined));
    socket.on('close', () => resolve(parsed(Buffer.concat(chunks).toString())));
  });
}

/**
 * Reads only after everything is sent, as simple clients do. Returns the status of the answer. Throws if the connection
 * is reset.
 */
function answeredWithoutReset(text: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(text, () => socket.on('data', (chunk) => chunks.push(chunk)));
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(parsed(Buffer.concat(chunks).toString()).status));
  });
}

function parsed(text: string): Answer {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const body = rest.join('\r\n\r\n');
  const field = (name: string) => new RegExp(`^${name}: ([^\r\n]*)`, 'im').exec(head)?.[1];
  return {
    status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]),
    type: field('content-type'),
    correlationId: field('x-correlation-id'),
    connection: field('connection'),
    // here, a chunked body has one chunk
    body: field('transfer-encoding') === 'chunked' ? body.slice(body.indexOf('{'), body.lastIndexOf('}') + 1) : body,
  };
}

const FIELDS = 'Host: x\r\nAuthorization: kim clerk\r\nConnection: close\r\n';
const get = (target: string, more = '') => `GET ${target} HTTP/1.1\r\n${FIELDS}${more}\r\n`;
const method = (name: string) => `${name} /v1/bookings/b-1 HTTP/1.1\r\n${FIELDS}\r\n`;

function post(body: string, more = '') {
  const fields = `${FIELDS}Idempotency-Key: k\r\nContent-Type: application/json\r\n${more}`;
  return `POST /v1/shows/s-1/bookings HTTP/1.1\r\n${fields}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

function patch(more: string) {
  const fields = `${FIELDS}Content-Type: application/merge-patch+json\r\nContent-Length: 11\r\n${more}`;
  return `PATCH /v1/bookings/b-1 HTTP/1.1\r\n${fields}\r\n{"seats":1}`;
}

function chunked(coding: string) {
  const fields = `${FIELDS}Idempotency-Key: k\r\nContent-Type: application/json\r\nTransfer-Encoding: ${coding}\r\n`;
  return `POST /v1/shows/s-1/bookings HTTP/1.1\r\n${fields}\r\nb\r\n{"seats":1}\r\n0\r\n\r\n`;
}

/** A request to the operation without a body. */
function remove(fields: string, body: string) {
  return `DELETE /v1/shows/s-1 HTTP/1.1\r\n${FIELDS}${fields}Content-Length: ${body.length}\r\n\r\n${body}`;
}

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

describe('the response is a problem', () => {
  it.each([
    ['bytes that are not HTTP', 'hello\r\n\r\n', 400, 'malformed-request'],
    ['an unknown method', method('FOO'), 400, 'malformed-request'],
    ['a method that the path does not have', method('PROPFIND'), 405, 'method-not-allowed'],
    ['OPTIONS, which no operation declares', method('OPTIONS'), 405, 'method-not-allowed'],
    ['QUERY', method('QUERY'), 405, 'method-not-allowed'],
    ['OPTIONS of the whole server', get('*').replace('GET', 'OPTIONS'), 404, 'not-found-route'],
    ['a star instead of the slash', get('*v1/bookings/b-1'), 404, 'not-found-route'],
    ['a star instead of the slash of the document', get('*openapi.json'), 404, 'not-found-route'],
    [
      'a method that a path with a host does not have',
      get('http://x/v1/bookings/b-1').replace('GET', 'PUT'),
      405,
      'method-not-allowed',
    ],
    ['a path that is far too long', get(`/v1/${'a'.repeat(20_000)}`), 431, 'headers-too-large'],
    [
      'a header that is far too long',
      get('/v1/bookings/b-1', `X-Long: ${'a'.repeat(20_000)}\r\n`),
      431,
      'headers-too-large',
    ],
    ['a segment of a path that is too long', get(`/v1/bookings/${'a'.repeat(2_000)}`), 414, 'path-too-long'],
    ['a NUL in a header', get('/v1/bookings/b-1', 'X-Correlation-Id: a\0b\r\n'), 400, 'malformed-request'],
    ['a NUL in the path', get('/v1/bookings/a%00b'), 400, 'validation-failed'],
    ['half a percent-encoding', get('/v1/bookings/%e2%82'), 400, 'validation-failed'],
    ['an unknown expectation', get('/v1/bookings/b-1', 'Expect: 200-maybe\r\n'), 417, 'expectation-failed'],
    ['two lengths', post('{"seats":1}', 'Content-Length: 3\r\n'), 400, 'malformed-request'],
    ['a length and chunks', post('{"seats":1}', 'Transfer-Encoding: chunked\r\n'), 400, 'malformed-request'],
    ['a compressed body', post('{"seats":1}', 'Content-Encoding: gzip\r\n'), 415, 'unsupported-content-coding'],
    ['a NUL in a text', post('{"seats":1,"a":[{"b/c":"x\\u0000"}]}'), 400, 'validation-failed'],
    ['a NUL in a name', post('{"seats":1,"\\u0000":1}'), 400, 'validation-failed'],
    ['half of a surrogate pair', post('{"seats":1,"a":"\\ud83d"}'), 400, 'validation-failed'],
    ['a number that is too large for JSON numbers', post('{"seats":1e400}'), 400, 'validation-failed'],
    ['arrays nested to the limit of a body', post(`{"seats":1,"a":${nested(500_000)}}`), 400, 'validation-failed'],
    ['a nested body with an escape', post(`{"seats":1,"\\u0061":${nested(200_000)}}`), 400, 'validation-failed'],
    ['a byte order mark', post('\ufeff{"seats":1}'), 400, 'malformed-body'],
    ['a key beyond ASCII', post('{"seats":1}').replace('Key: k', 'Key: k\u00e9'), 400, 'validation-failed'],
    [
      'a key that is too long',
      post('{"seats":1}').replace('Key: k', `Key: ${'k'.repeat(201)}`),
      400,
      'validation-failed',
    ],
    ['two keys', post('{"seats":1}', 'idempotency-key: other\r\n'), 400, 'validation-failed'],
    ['the same key twice', post('{"seats":1}', 'IDEMPOTENCY-KEY: k\r\n'), 400, 'validation-failed'],
    ['two versions', patch('If-Match: "1"\r\nIf-Match: "2"\r\n'), 400, 'validation-failed'],
    ['a second Host', get('/v1/bookings/b-1', 'host: y\r\n'), 400, 'malformed-request'],
    ['no Host', 'GET /v1/bookings/b-1 HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'malformed-request'],
    ['a second token', get('/v1/bookings/b-1', 'authorization: joe clerk\r\n'), 400, 'malformed-request'],
    ['a second media type', post('{"seats":1}', 'content-type: text/plain\r\n'), 400, 'malformed-request'],
    ['a second token and an unknown path', get('/nothing', 'authorization: joe\r\n'), 400, 'malformed-request'],
    ['CONNECT', 'CONNECT elsewhere:443 HTTP/1.1\r\nHost: elsewhere\r\n\r\n', 400, 'malformed-request'],
    ['another transfer coding', chunked('gzip, chunked'), 501, 'unsupported-transfer-coding'],
    [
      'a second charset',
      post('{"seats":1}', '').replace('/json', '/json; charset=utf-8; charset=latin1'),
      415,
      'unsupported-media-type',
    ],
    ['a member that is given twice', post('{"seats":1,"seats":5}'), 400, 'validation-failed'],
    ['a number that would be rounded', post('{"seats":1.00000000000000000001}'), 400, 'validation-failed'],
    ['a path below the reference', get('/docs/nope'), 404, 'not-found-route'],
    ['a body of no media type that is not expected', remove('Content-Type: ;\r\n', 'x'), 400, 'validation-failed'],
    ['a large body that is not expected', remove('', 'x'.repeat(1_100_000)), 400, 'validation-failed'],
    ['a body that is too large', post(`{"seats":1,"a":"${'x'.repeat(1_100_000)}"}`), 413, 'body-too-large'],
  ])('to %s', async (_what, text, status, code) => {
    const before = seen.length;
    const answer = await send(text);
    expect(answer.type).toMatch(/^application\/problem\+json/);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toMatchObject({ status, code, correlationId: answer.correlationId });
    expect(answer.body).not.toMatch(/node_modules|\bat /);
    expect(seen).toHaveLength(before);
    expect(office.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

describe('a request', () => {
  it('gets the pointer of a text that cannot be stored', async () => {
    const answer = await send(post('{"seats":1,"a":[{"b/c":"x\\u0000"}]}'));
    expect(JSON.parse(answer.body)).toMatchObject({
      errors: [{ pointer: '/a/0/b~1c', detail: 'must not contain U+0000' }],
    });
  });

  it('gets the name of a header that it sends twice, and may have a comma in its key', async () => {
    const errors = (text: string): unknown => JSON.parse(text).errors;
    expect(errors((await send(post('{"seats":1}', 'Idempotency-Key: other\r\n'))).body)).toEqual([
      { pointer: '/header/Idempotency-Key', detail: 'is given more than once' },
    ]);
    expect(errors((await send(patch('If-Match: "1"\r\nIf-Match: "2"\r\n'))).body)).toMatchObject([
      { pointer: '/header/If-Match' },
    ]);
    expect((await send(post('{"seats":1}').replace('Key: k', 'Key: k, l'))).status).toBe(409);
  });

  it('may have a semicolon within quotes in its media type', async () => {
    const quoted = post('{"seats":1}').replace('/json', '/json; profile="a;charset=latin1"');
    expect((await send(quoted)).status).toBe(409);
  });

  it.each(['{"a":{"password":"hunter2","b":+1}}', '{"password":"hunter2" "b"}', 'hunter2', '{"password":"hunter2'])(
    'with %s is refused without a word of it',
    async (body) => {
      const answer = await send(post(body));
      expect(JSON.parse(answer.body)).toMatchObject({ code: 'malformed-body' });
      expect(JSON.parse(answer.body).detail).toMatch(
        /^the body is not JSON(, from character \d+ on|, because it ends too early)?$/,
      );
    },
  );

  it('without a token ends its connection if it has a body, because nobody reads that body', async () => {
    const head = post('x'.repeat(1_000_000))
      .replace('Authorization: kim clerk\r\n', '')
      .replace('Connection: close\r\n', '');
    const answer = await send(head.slice(0, 2_000));
    expect([answer.status, answer.connection]).toEqual([401, 'close']);
  });

  it('gets its whole answer, though the server has not read all that is sent', async () => {
    const much = 'x'.repeat(3_000_000);
    for (const [text, status] of [
      [post(much), 413],
      [remove('', much), 400],
      [post(much).replace('Authorization: kim clerk\r\n', ''), 401],
      [`hello\r\n\r\n${much}`, 400],
      [`CONNECT elsewhere:443 HTTP/1.1\r\nHost: elsewhere\r\n\r\n${much}`, 400],
      [get('/v1/bookings/b-1', `Expect: 200-maybe\r\nContent-Length: ${much.length}\r\n`) + much, 417],
    ] as const)
      expect(await answeredWithoutReset(text)).toBe(status);
  });

  it('that comes after an answer which closes the connection is not processed', async () => {
    const from = seen.length;
    const refused = post('hello', 'Host: y\r\n').replace('Connection: close\r\n', '');
    const text = await new Promise<string>((resolve) => {
      const chunks: Buffer[] = [];
      const socket = connect(port, '127.0.0.1', () => socket.write(refused.slice(0, -3)));
      socket.once('data', () => socket.write(`llo${get('/v1/bookings/b-1')}`));
      socket.on('data', (chunk) => chunks.push(chunk));
      socket.on('error', () => {});
      socket.on('close', () => resolve(Buffer.concat(chunks).toString()));
    });
    expect(text.match(/^HTTP\/1\.1 .*$/gm)).toEqual(['HTTP/1.1 400 Bad Request']);
    expect(seen).toHaveLength(from);
  });

  it('is counted and logged if it belongs to no operation', async () => {
    for (const [text, status] of [
      ['hello\r\n\r\n', 400],
      [get('/v1/nothing'), 404],
      [method('PROPFIND'), 405],
      [get('/v1/bookings/b-1', 'Expect: 200-maybe\r\n'), 417],
      [get('/v1/bookings/b-1', `X-Long: ${'a'.repeat(20_000)}\r\n`), 431],
    ] as const) {
      const count = async () =>
        (await office.metrics()).match(
          new RegExp(`atlas_http_refused_total\\{.*status="${status}".*\\} (\\d+)`),
        )?.[1] ?? '0';
      const before = Number(await count());
      const from = office.lines.length;
      const { correlationId } = await send(text);
      expect(office.lines.slice(from)).toMatchObject([
        { level: 'info', message: 'refused', fields: { status, correlationId } },
      ]);
      expect(Number(await count())).toBe(before + 1);
    }
  });

  it('is measured from its headers, so that a slow body counts, and logged with its actor', async () => {
    const from = office.lines.length;
    const text = post('{"seats":1}');
    const begun = once(office.app.server, 'request');
    const socket = connect(port, '127.0.0.1', () => socket.write(text.slice(0, -5)));
    await begun;
    // waits for time to pass: the rest is sent only after the clock has moved on
    setTimeout(() => socket.write(text.slice(-5)), 120);
    await once(socket.resume(), 'close');
    expect(office.lines.slice(from)).toMatchObject([{ fields: { status: 409, actor: 'kim' } }]);
    expect(Number(office.lines.at(-1)?.fields['ms'])).toBeGreaterThan(100);
  });

  it('that names the version which it has already read gets 304', async () => {
    const answer = await send(get('/v1/bookings/b-1', 'If-None-Match: "6", W/"7"\r\n'));
    expect([answer.status, answer.type, answer.body]).toEqual([304, undefined, '']);
    expect((await send(get('/v1/bookings/b-1', 'If-None-Match: "6"\r\n'))).status).toBe(200);
  });

  it('with scheme and host in its target reaches the same resource', async () => {
    expect((await send(get('http://elsewhere/v1/bookings/b-9'))).status).toBe(200);
    expect(seen.at(-1)?.params).toEqual({ bookingId: 'b-9' });
  });

  it('whose sender disconnects in the middle is not logged as a fault of the service', async () => {
    const from = office.lines.length;
    const half = post('{"seats":1}').slice(0, -5);
    await new Promise<void>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(half, () => socket.destroy()));
      socket.on('close', () => resolve());
    });
    await expect.poll(() => office.lines.slice(from)).toMatchObject([{ level: 'info', fields: { status: 400 } }]);
  });

  it('that does not arrive in time gets 408', async () => {
    const slow = await boxOffice('', {}, { store: stubStore(), ...stubSessions }, { requestTimeout: 200 });
    const fast = port;
    port = Number(new URL(await slow.app.listen({ port: 0, host: '127.0.0.1' })).port);
    const answer = await send(post('{"seats":1}').slice(0, -5));
    expect(JSON.parse(answer.body)).toMatchObject({ status: 408, code: 'request-timeout' });
    port = fast;
    await slow.stop();
  });
});

describe('a problem', () => {
  const long = 'n'.repeat(900_000);
  it.each([
    ['a long name', post(`{"seats":1,"${long}":1}`)],
    ['a long name twice', post(`{"${long}":1,"${long}":1}`)],
    ['nested names', post(`{"seats":1,"\\u0061":${'{"name":'.repeat(999)}"\\u0000"${'}'.repeat(999)}}`)],
    ['a long query', get(`/v1/bookings/b-1?${'q'.repeat(9_000)}=1`)],
    ['a long path', get(`/${'p/'.repeat(5_000)}`)],
    ['a long version', patch(`If-Match: "${'v'.repeat(9_000)}"\r\n`)],
  ])('with %s is as short as the contract says', async (_what, text) => {
    const answer = await send(text);
    const { detail, errors = [] } = JSON.parse(answer.body);
    expect(detail.length).toBeLessThanOrEqual(4_000);
    for (const error of errors) {
      expect(error.pointer.length).toBeLessThanOrEqual(1_000);
      expect(error.detail.length).toBeLessThanOrEqual(1_000);
    }
    expect(answer.body.length).toBeLessThan(10_000);
  });
});
