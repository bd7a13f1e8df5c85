import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AnyCallInput } from '../client/requestOf.ts';
import type { Validate } from '../contract/operation.ts';
import { promMetrics } from '../adapters/prom-client/promMetrics.ts';
import type { Log, LogFields } from '../ports/log.ts';
import { isObject } from '../typeGuards.ts';
import { foreignCallsOf, type ForeignOptions } from './index.ts';
import type { AnyForeignAnswer } from './readAnswer.ts';
import { measureForeign } from './watch.ts';

/** An outside system that follows a test's `script`, one step per request. */
type Step = (request: IncomingMessage, response: ServerResponse) => void;
let script: Step[] = [];
let seen: { readonly url: string; readonly headers: IncomingMessage['headers']; readonly body: string }[] = [];
let baseUrl = '';

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    seen.push({ url: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() });
    (script.shift() ?? fails)(request, response);
  });
});
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address === 'object' && address !== null) baseUrl = `http://127.0.0.1:${address.port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  [script, seen] = [[], []];
});

const answers =
  (status: number, type: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Step =>
  (_request, response) =>
    response
      .writeHead(status, { 'content-type': type, ...headers })
      .end(typeof body === 'string' ? body : JSON.stringify(body));
const json = (status: number, body: unknown, headers = {}): Step => answers(status, 'application/json', body, headers);
const bytes =
  (body: Buffer): Step =>
  (_request, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(body);
const problem = (status: number, code: string, headers = {}): Step =>
  answers(status, 'application/problem+json', { code }, headers);
const hangsUp: Step = (request) => request.socket.destroy();
const staysSilent: Step = () => {};
const fails: Step = answers(500, 'application/problem+json', { code: 'internal' }, { 'retry-after': '0' });
const breaksOff: Step = (request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
  response.write('{"seats":');
  setImmediate(() => request.socket.destroy());
};

const seats: Validate = (value) =>
  isObject(value) && typeof value['seats'] === 'number'
    ? undefined
    : [{ pointer: '/seats', detail: 'must be a number' }];
const code: Validate = (value) =>
  isObject(value) && typeof value['code'] === 'string' ? undefined : [{ pointer: '/code', detail: 'must be text' }];
const ANSWERS = {
  '200': { kind: 'json', validate: seats },
  '404': { kind: 'problem', validate: code },
  '4XX': { kind: 'problem', validate: code },
  default: { kind: 'problem', validate: code },
} as const;
const OPERATIONS = {
  book: {
    method: 'POST',
    path: '/bookings',
    body: 'application/json',
    validateBody: seats,
    idempotencyKey: true,
    answers: ANSWERS,
  },
  note: { method: 'POST', path: '/notes', body: 'application/json', answers: ANSWERS },
  read: { method: 'GET', path: '/bookings/{id}', answers: ANSWERS },
} as const;
type Calls = Readonly<Record<keyof typeof OPERATIONS, (input?: AnyCallInput) => Promise<AnyForeignAnswer>>>;

const client = (options: Partial<ForeignOptions> = {}): Calls =>
  foreignCallsOf<Calls>('desk', OPERATIONS, { baseUrl, timeoutMs: 2_000, ...options });
const ID = { params: { id: '7' } };
const BODY = { body: { seats: 2 } };
const ok = json(200, { seats: 2 });

describe('a call of an outside system', () => {
  it('gives the answer by status, including problems and statuses that are declared together', async () => {
    script = [
      ok,
      problem(404, 'no-booking'),
      problem(403, 'not-yours'),
      answers(301, 'application/json', { code: 'x' }),
    ];
    const { read } = client();
    expect(await read(ID)).toEqual({ status: 200, body: { seats: 2 } });
    expect(await read(ID)).toEqual({ status: 404, problem: { code: 'no-booking' } });
    expect(await read(ID)).toEqual({ status: '4XX', httpStatus: 403, problem: { code: 'not-yours' } });
    expect(await read(ID)).toEqual({ status: 'default', httpStatus: 301, problem: { code: 'x' } });
  });

  it.each([
    ['a dropped connection', hangsUp],
    ['an answer that breaks off', breaksOff],
    ['a 500', fails],
    ['a 503 with Retry-After', problem(503, 'unavailable', { 'retry-after': '0' })],
    ['a 429 with a date', problem(429, 'too-many', { 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' })],
    ['a 409 with Retry-After', problem(409, 'in-flight', { 'retry-after': '0' })],
  ])('is repeated after %s with the same key, and sends what the caller gave', async (_what, step) => {
    script = [step, ok];
    const answer = await client({ token: 's3cret' }).book({ ...BODY, idempotencyKey: 'pay-1' });
    expect(answer).toEqual({ status: 200, body: { seats: 2 } });
    expect(seen).toHaveLength(2);
    for (const { headers, body } of seen) {
      expect(headers).toMatchObject({ 'idempotency-key': 'pay-1', authorization: 'Bearer s3cret' });
      expect(body).toBe('{"seats":2}');
    }
  });

  it('is not repeated if it is a command without a key', async () => {
    script = [hangsUp, ok];
    await expect(client().note(BODY)).rejects.toMatchObject({ code: 'ATLAS_CLIENT_NETWORK' });
    expect(seen).toHaveLength(1);
  });

  it('is not repeated after an answer that stays the same', async () => {
    script = [problem(404, 'no-booking'), ok];
    expect(await client().read(ID)).toMatchObject({ status: 404 });
    expect(seen).toHaveLength(1);
  });

  it('does not wait for longer than its deadline, whatever Retry-After says', async () => {
    script = [problem(503, 'unavailable', { 'retry-after': '60' }), ok];
    expect(await client({ deadlineMs: 5_000 }).read(ID)).toEqual({
      status: 'default',
      httpStatus: 503,
      problem: { code: 'unavailable' },
      retryAfter: 60,
    });
    expect(seen).toHaveLength(1);
  });

  it('ends a try that takes too long, and says which key to repeat it with', async () => {
    script = [staysSilent, staysSilent];
    const call = client({ timeoutMs: 50, retries: 1 }).book({ ...BODY, idempotencyKey: 'pay-2' });
    await expect(call).rejects.toMatchObject({ code: 'ATLAS_CLIENT_NETWORK', detail: { idempotencyKey: 'pay-2' } });
    expect(seen).toHaveLength(2);
  });

  it('ends as soon as its signal is aborted, with the reason of the signal', async () => {
    const controller = new AbortController();
    const reason = new Error('the service stops');
    script = [() => controller.abort(reason)];
    await expect(client().read({ ...ID, signal: controller.signal })).rejects.toBe(reason);
    expect(seen).toHaveLength(1);
  });

  it.each([
    ['a content type that is not what it says', answers(200, 'application/json', '<html>'), 'a body that is not JSON'],
    ['another content type', answers(200, 'text/html', '{"seats":2}'), 'a content type that is not JSON'],
    ['a body that the document refuses', json(200, { seats: '2' }), '/seats must be a number'],
    ['an integer that would change when it is read', json(200, '{"seats":9007199254740993}'), '/seats'],
    ['bytes that are not UTF-8', bytes(Buffer.from('7b227365617473223a2022ff227d', 'hex')), 'not UTF-8'],
    ['half of a surrogate pair', json(200, '{"seats":2,"name":"\\ud800"}'), '/name must not contain half'],
    ['a list in a list in a list', json(200, `${'['.repeat(40_000)}${']'.repeat(40_000)}`), 'nested deeper'],
    ['a body that is too long', json(200, { seats: 2, more: 'x'.repeat(100_000) }), 'more than 100000 bytes'],
    ['a problem without a code', answers(404, 'application/problem+json', {}), '/code must be text'],
  ])('refuses an answer with %s', async (_what, step, words) => {
    script = [step, ok];
    const call = client({ maxAnswerBytes: 100_000 }).read(ID);
    await expect(call).rejects.toMatchObject({ code: 'ATLAS_CLIENT_ANSWER', message: expect.stringContaining(words) });
    expect(seen).toHaveLength(1);
  });

  it('does not follow a redirect, which would take the token to another server', async () => {
    script = [(_request, response) => response.writeHead(302, { location: `${baseUrl}/elsewhere` }).end()];
    await expect(client({ token: 's3cret' }).read(ID)).rejects.toMatchObject({ code: 'ATLAS_CLIENT_ANSWER' });
    expect(seen).toHaveLength(1);
  });

  it('is not sent with a body that the document refuses', async () => {
    await expect(client().book({ body: { seats: 'two' } })).rejects.toMatchObject({ code: 'ATLAS_CLIENT_INPUT' });
    expect(seen).toHaveLength(0);
  });

  it('says nothing secret in its errors', async () => {
    script = [json(200, { seats: 'card 4111' }), hangsUp];
    const { read, note } = client({ token: 's3cret-token', headers: { 'x-api-key': 's3cret-key' } });
    const errors = await Promise.all([
      read({ params: { id: 'person-7' } }).catch((error: unknown) => error),
      note({ body: { card: '4111' } }).catch((error: unknown) => error),
    ]);
    for (const error of errors) {
      const text = error instanceof Error ? `${error.message}\n${error.stack}\n${JSON.stringify(error)}` : '';
      expect(text).toContain('desk.');
      expect(text).not.toMatch(/s3cret|4111|person-7/);
    }
    expect(() => client({ baseUrl: 'http://kim:hunter2@desk.example.org' })).toThrow(/must not have a user/);
    expect(() => client({ baseUrl: 'hunter2' })).toThrow(/^(?!.*hunter2)/);
  });
});

describe('the metrics of an outside system', () => {
  it('count how its calls end, and say whether its breaker is open', async () => {
    const metrics = promMetrics('bookings');
    const { note } = client({ retries: 0, breaker: { failures: 2, restMs: 60_000 } });
    const stop = measureForeign(metrics);
    const value = async (series: string) =>
      Number(new RegExp(`^${series}[^}]*\\} (\\d+)$`, 'm').exec(await metrics.text())?.[1]);
    const tries = (outcome: string) => value(`atlas_foreign_tries_total\\{client="desk",outcome="${outcome}"`);
    expect([await tries('answered'), await value('atlas_foreign_breaker_open\\{client="desk"')]).toEqual([0, 0]);
    script = [json(200, { seats: 1 }), fails, hangsUp];
    for (let call = 0; call < 5; call++) await note({ body: { seats: 1 } }).catch(() => undefined);
    expect(await Promise.all([tries('answered'), tries('failed'), tries('unsent')])).toEqual([1, 2, 2]);
    expect(await value('atlas_foreign_breaker_open\\{client="desk"')).toBe(1);
    stop();
    await note({ body: { seats: 1 } }).catch(() => undefined);
    expect(await tries('unsent')).toBe(2);
  });
});

describe('the breaker of an outside system', () => {
  it('opens after failures in a row, sends nothing, and closes after a call that works', async () => {
    const lines: string[] = [];
    const line = (_fields: LogFields, message: string): unknown => lines.push(message);
    const log: Log = { debug: line, info: line, warn: line, error: line, child: () => log };
    const { note, read } = client({ retries: 0, log, breaker: { failures: 2, restMs: 200 } });
    expect(await read(ID)).toMatchObject({ httpStatus: 500 });
    expect(await read(ID)).toMatchObject({ httpStatus: 500 });
    await expect(note(BODY)).rejects.toMatchObject({ code: 'ATLAS_CLIENT_OPEN' });
    expect(seen).toHaveLength(2);
    script = [ok, ok];
    await expect.poll(() => read(ID).catch(() => undefined)).toMatchObject({ status: 200 });
    expect(await read(ID)).toMatchObject({ status: 200 });
    expect(lines).toEqual([
      'an outside system fails, so it is not called for a while',
      'an outside system works again',
    ]);
  });

  it('stays closed as long as the outside answers, also with problems', async () => {
    const { read } = client({ retries: 0, breaker: { failures: 2 } });
    script = Array.from({ length: 5 }, () => problem(404, 'no-booking'));
    for (let count = 0; count < 5; count++) expect(await read(ID)).toMatchObject({ status: 404 });
  });

  it('counts calls that their callers gave up, because they show that the outside is slow', async () => {
    const { read } = client({ breaker: { failures: 1 } });
    script = [staysSilent];
    await expect(read({ ...ID, signal: AbortSignal.timeout(30) })).rejects.toMatchObject({ name: 'TimeoutError' });
    await expect(read(ID)).rejects.toMatchObject({ code: 'ATLAS_CLIENT_OPEN' });
    expect(seen).toHaveLength(1);
  });
});
