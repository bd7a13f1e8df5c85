import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { scene, type Scene } from './scene.ts';
import { json } from './upstreamServer.ts';

/** These tests write bytes to a socket, because clients would not send most of this. */

let here: Scene;
let clerk: string;

beforeAll(async () => {
  here = await scene();
  clerk = await here.bearer('kim', ['clerk', 'manager']);
});
afterAll(() => here.stop());
beforeEach(() => {
  here.tickets.got.length = 0;
});

const GET = (target: string, more = '', fields = 'Host: x\r\n') =>
  here.bytes(`GET ${target} HTTP/1.1\r\n${fields}Authorization: ${clerk}\r\nConnection: close\r\n${more}\r\n`);
const POST = (more: string, body: string) =>
  here.bytes(
    `POST /v1/tickets HTTP/1.1\r\nHost: x\r\nAuthorization: ${clerk}\r\nConnection: close\r\nContent-Type: application/json\r\n${more}\r\n${body}`,
  );

const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);

const SMUGGLED = 'GET /v1/tickets/smuggled HTTP/1.1\r\nHost: x\r\n\r\n';

describe('a request that two servers could read in two ways', () => {
  it.each<[string, () => Promise<string>, number]>([
    [
      'has both lengths',
      () => POST('Content-Length: 4\r\nTransfer-Encoding: chunked\r\n', `0\r\n\r\n${SMUGGLED}`),
      400,
    ],
    ['has two different lengths', () => POST('Content-Length: 2\r\nContent-Length: 60\r\n', `{}${SMUGGLED}`), 400],
    [
      'has a transfer coding that hides chunked',
      () => POST('Transfer-Encoding: xchunked\r\n', `0\r\n\r\n${SMUGGLED}`),
      501,
    ],
    ['has two transfer codings', () => POST('Transfer-Encoding: gzip, chunked\r\n', '0\r\n\r\n'), 501],
    ['has a space before the colon', () => GET('/v1/tickets/7', 'Transfer-Encoding : chunked\r\n'), 400],
    ['has a line feed in a header', () => GET('/v1/tickets/7', 'X-Desk: a\nX-Role: boss\r\n'), 400],
    ['has a return in a header', () => GET('/v1/tickets/7', 'X-Desk: a\rX-Role: boss\r\n'), 400],
    ['has a folded header', () => GET('/v1/tickets/7', 'X-Desk: a\r\n X-Role: boss\r\n'), 400],
    ['has two hosts', () => GET('/v1/tickets/7', '', 'Host: x\r\nHost: y\r\n'), 400],
    ['has no host', () => GET('/v1/tickets/7', '', ''), 400],
    ['has two tokens', () => GET('/v1/tickets/7', `Authorization: ${clerk}\r\n`), 400],
    ['has two media types', () => POST('Content-Type: text/csv\r\nContent-Length: 2\r\n', '{}'), 400],
    ['has a chunk of a wrong length', () => POST('Transfer-Encoding: chunked\r\n', 'x\r\n{}\r\n0\r\n\r\n'), 400],
  ])('is refused if it %s', async (_what, send, status) => {
    const answer = await send();
    expect(statusOf(answer), answer).toBe(status);
    expect(answer).not.toContain('HTTP/1.1 200');
    expect(here.tickets.got).toEqual([]);
  });

  it('is refused if it is a GET with a body', async () => {
    const answer = await here.bytes(
      `GET /v1/tickets/7 HTTP/1.1\r\nHost: x\r\nAuthorization: ${clerk}\r\nConnection: close\r\nContent-Length: ${SMUGGLED.length}\r\n\r\n${SMUGGLED}`,
    );
    expect(statusOf(answer)).toBe(400);
    expect(answer).not.toContain('HTTP/1.1 200');
    expect(here.tickets.got).toEqual([]);
  });
});

describe('a header of a connection', () => {
  it('is not passed on, and cannot remove what the gateway writes', async () => {
    const names = 'close, x-forwarded-for, x-correlation-id, host, via';
    const hops = 'Keep-Alive: 5\r\nTE: trailers\r\nUpgrade: h2c\r\nProxy-Authorization: a\r\n';
    const answer = await here.bytes(
      `GET /v1/tickets/7 HTTP/1.1\r\nHost: x\r\nAuthorization: ${clerk}\r\nConnection: ${names}\r\n${hops}\r\n`,
    );
    expect(statusOf(answer)).toBe(200);
    const headers = here.tickets.got[0]?.headers ?? {};
    expect(headers).toMatchObject({
      authorization: clerk,
      'x-forwarded-for': '127.0.0.1',
      via: '1.1 atlas-gateway',
      host: new URL(here.tickets.url).host,
    });
    expect(headers['x-correlation-id']).toBeDefined();
    for (const name of ['keep-alive', 'te', 'upgrade', 'proxy-authorization'])
      expect(headers[name], name).toBeUndefined();
  });

  it.each(['authorization', 'x-desk', 'If-None-Match'])('that names %s is refused', async (name) => {
    const answer = await here.bytes(
      `GET /v1/tickets/7 HTTP/1.1\r\nHost: x\r\nAuthorization: ${clerk}\r\nConnection: close, ${name}\r\n\r\n`,
    );
    expect(statusOf(answer)).toBe(400);
    expect(here.tickets.got).toEqual([]);
  });

  it('of an answer is not passed on', async () => {
    here.tickets.answer = (_got, response) =>
      json(
        response,
        200,
        {},
        { connection: 'x-secret', 'x-secret': 'a', 'keep-alive': 'timeout=1', server: 'X', 'x-kept': 'b' },
      );
    const answer = await here.ask('/v1/tickets/7', { headers: { authorization: clerk } });
    for (const name of ['x-secret', 'server']) expect(answer.headers.get(name), name).toBeNull();
    expect(answer.headers.get('x-kept')).toBe('b');
    here.tickets.answer = (_got, response) => json(response, 200, {});
  });
});

describe('a target', () => {
  it.each<[string, string, number]>([
    ['climbs', '/v1/tickets/../shows', 404],
    ['climbs at its end', '/v1/tickets/..', 400],
    ['climbs with encoded dots', '/v1/tickets/%2e%2E', 400],
    ['has a segment of one dot', '/v1/tickets/.', 400],
    ['has a backslash', '/v1/tickets/a\\..\\b', 400],
    ['has a fragment', '/v1/tickets/7#/void', 400],
    ['has no path', '*', 404],
    ['has only a query', '*?a=1', 404],
    ['has no slash', '*docs/', 404],
    ['has no slash before a parameter', '*v1/tickets/7', 404],
    ['is not ASCII', '/v1/tickets/\u00e9', 400],
    ['has a brace', '/v1/tickets/{x}', 400],
    ['has a zero byte that is encoded', '/v1/tickets/%00', 200],
    ['has an encoded slash', '/v1/tickets/a%2Fvoid', 200],
    ['has an encoded question mark', '/v1/tickets/a%3Fb', 200],
    ['names another server', 'http://evil.example/v1/tickets/7', 200],
  ])('that %s gets its answer, and the service sees the same target', async (_what, target, status) => {
    const answer = await GET(target);
    expect(statusOf(answer), answer).toBe(status);
    const seen = here.tickets.got.map(({ url, headers }) => [url, headers.host]);
    const path = target.replace('http://evil.example', '');
    expect(seen).toEqual(status === 200 ? [[path, new URL(here.tickets.url).host]] : []);
  });
});

describe('HTTP/1.0', () => {
  it('needs no host, and gets its answer', async () => {
    const answer = await here.bytes(`GET /v1/tickets/7 HTTP/1.0\r\nAuthorization: ${clerk}\r\n\r\n`);
    expect(statusOf(answer), answer).toBe(200);
    expect(here.tickets.got[0]?.headers['x-forwarded-host']).toBe('');
  });
});

describe('what is not a request for a route', () => {
  it.each<[string, string, number]>([
    ['no HTTP', 'hello\r\n\r\n', 400],
    ['a tunnel', 'CONNECT evil.example:443 HTTP/1.1\r\nHost: x\r\n\r\n', 400],
    [
      'an upgrade of an unknown path',
      'GET /ws HTTP/1.1\r\nHost: x\r\nConnection: upgrade, close\r\nUpgrade: websocket\r\n\r\n',
      404,
    ],
    ['an unknown method', 'BREW /v1/tickets HTTP/1.1\r\nHost: x\r\n\r\n', 400],
    ['TRACE', 'TRACE /v1/tickets/7 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 405],
    ['headers without end', `GET /v1/tickets/7 HTTP/1.1\r\nHost: x\r\nX-Desk: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
  ])('%s is refused with a problem', async (_what, text, status) => {
    const answer = await here.bytes(text);
    expect(statusOf(answer), answer).toBe(status);
    expect(answer).toMatch(/content-type: application\/problem\+json/i);
    expect(here.tickets.got).toEqual([]);
  });
});
