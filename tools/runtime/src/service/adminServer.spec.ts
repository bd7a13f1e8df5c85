import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordingLog } from '../../test/boxOffice.ts';
import { adminServer } from './adminServer.ts';

let fails = false;
const lines: Parameters<typeof recordingLog>[0] = [];
let admin: Awaited<ReturnType<typeof adminServer>>;
beforeAll(async () => {
  admin = await adminServer({
    service: 'bookings',
    host: '127.0.0.1',
    port: 0,
    readiness: () => (fails ? Promise.reject(new Error('hunter2')) : Promise.resolve([])),
    metrics: { text: () => Promise.resolve('up 1\n'), contentType: 'text/plain; version=0.0.4' },
    log: recordingLog(lines),
  });
});
afterAll(() => admin.close());

/** Writes text to a connection, and reads until the server closes it. */
async function raw(text: string): Promise<string> {
  const { port, hostname } = new URL(admin.url);
  const socket = connect(Number(port), hostname);
  let received = '';
  socket.on('data', (chunk) => (received += String(chunk)));
  socket.write(text);
  await once(socket, 'close');
  return received;
}

describe("the operators' port", () => {
  it.each([
    ['/health/live', 'application/json'],
    ['/health/ready?x=1', 'application/json'],
    ['/metrics', 'text/plain; version=0.0.4'],
  ])('answers GET and HEAD of %s', async (path, type) => {
    const [got, head] = [await fetch(admin.url + path), await fetch(admin.url + path, { method: 'HEAD' })];
    expect([got.status, got.headers.get('content-type')]).toEqual([200, type]);
    expect([head.status, head.headers.get('content-length')]).toEqual([200, got.headers.get('content-length')]);
  });

  it.each([
    ['POST', '/health/live', 405, 'method-not-allowed', 'GET, HEAD'],
    ['DELETE', '/metrics', 405, 'method-not-allowed', 'GET, HEAD'],
    ['GET', '/docs', 404, 'not-found-route', null],
  ])('refuses %s %s with a problem', async (method, path, status, code, allow) => {
    const answer = await fetch(admin.url + path, { method, headers: { 'x-correlation-id': 'c-1' } });
    expect([answer.status, answer.headers.get('allow')]).toEqual([status, allow]);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.headers.get('x-correlation-id')).toBe('c-1');
    expect(await answer.json()).toMatchObject({ status, code, correlationId: 'c-1' });
  });

  it.each([
    ['no host', 'GET /metrics HTTP/1.1\r\nconnection: close\r\n\r\n', 400, 'malformed-request'],
    ['two hosts', 'GET /metrics HTTP/1.1\r\nhost: a\r\nhost: b\r\nconnection: close\r\n\r\n', 400, 'malformed-request'],
    ['bytes that are not HTTP', 'hello\r\n\r\n', 400, 'malformed-request'],
    ['CONNECT', 'CONNECT a:1 HTTP/1.1\r\nhost: a:1\r\n\r\n', 400, 'malformed-request'],
    ['Expect', 'GET /metrics HTTP/1.1\r\nhost: a\r\nexpect: x\r\n\r\n', 417, 'expectation-failed'],
    [
      'a body that never comes',
      'POST /metrics HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\n',
      405,
      'method-not-allowed',
    ],
  ])('refuses %s with a problem, and closes the connection', async (_what, text, status, code) => {
    const answer = await raw(text);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({ status, code });
  });

  it('hides why a check fails, and logs it', async () => {
    fails = true;
    const answer = await fetch(`${admin.url}/health/ready`);
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain('hunter2');
    expect(lines).toMatchObject([{ level: 'error', fields: { err: { message: 'hunter2' } } }]);
  });
});
