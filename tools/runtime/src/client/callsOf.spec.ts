import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { succeeded } from './answerOf.ts';
import { callsOf, type CallOptions } from './callsOf.ts';
import type { AnyAnswer } from './answerOf.ts';
import type { AnyCallInput } from './requestOf.ts';

/** A service that follows a test's `script`, one step per request. */
type Step = (request: IncomingMessage, response: ServerResponse) => void;
let script: Step[] = [];
let seen: {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}[] = [];
let baseUrl = '';

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { method = '', url = '', headers } = request;
    seen.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
    (script.shift() ?? answers(500, 'text/plain', 'the script has no more steps'))(request, response);
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
const json = (status: number, body: unknown, headers = {}) =>
  answers(status, 'application/json; charset=utf-8', body, headers);
const problem = (status: number, code: string, headers = {}) =>
  answers(status, 'application/problem+json', { type: '', title: '', status, code }, headers);
const hangsUp: Step = (request) => request.socket.destroy();
const AGAIN = { 'retry-after': '0' };

const OPERATIONS = {
  book: {
    method: 'POST',
    path: '/v1/bookings',
    body: 'application/json',
    idempotencyKey: true,
    json: [201],
    problems: [409],
    headers: { 201: { Location: 'string', 'X-Left': 'integer' } },
  },
  change: {
    method: 'PATCH',
    path: '/v1/bookings/{id}',
    body: 'application/merge-patch+json',
    json: [200],
    empty: [204],
  },
  read: { method: 'GET', path: '/v1/bookings/{id}', json: [200], problems: [404] },
  report: {
    method: 'GET',
    path: '/v1/report',
    accepts: ['application/json', 'text/csv'],
    json: [200],
    problems: [404],
  },
  look: { method: 'HEAD', path: '/v1/bookings/{id}', json: [200] },
} as const;

type Calls = Readonly<Record<keyof typeof OPERATIONS, (input?: AnyCallInput) => Promise<AnyAnswer>>>;
const client = (options: Partial<CallOptions> = {}) => callsOf<Calls>(OPERATIONS, { baseUrl, ...options });
const ID = { params: { id: '7' } };

describe('a call of an operation that has text beside JSON', () => {
  it('asks for JSON, or for the text that is wanted', async () => {
    script = [
      json(200, { cents: 5 }),
      answers(200, 'text/csv; charset=utf-8; header=present', 'a\r\n', { etag: '"7-csv"' }),
    ];
    expect(await client().report()).toEqual({ status: 200, body: { cents: 5 } });
    expect(await client().report({ accept: 'text/csv' })).toEqual({ status: 200, body: 'a\r\n', etag: '"7-csv"' });
    expect(seen.map(({ headers }) => headers.accept)).toEqual(['application/json', 'text/csv']);
  });

  it('still gets problems, and refuses another media type', async () => {
    script = [problem(406, 'not-acceptable'), problem(404, 'report-not-found'), answers(200, 'text/html', '<p>')];
    const csv = { accept: 'text/csv' };
    expect(await client().report(csv)).toMatchObject({ status: 406, problem: { code: 'not-acceptable' } });
    expect(await client().report(csv)).toMatchObject({ status: 404, problem: { code: 'report-not-found' } });
    await expect(client().report(csv)).rejects.toMatchObject({ code: 'ATLAS_CLIENT_ANSWER' });
  });
});

describe('a call', () => {
  it('sends what the operation takes, and gives what it declares', async () => {
    script = [json(201, { id: '7' }, { etag: '"1"', 'atlas-version': 'booking/7@1', location: '/7', 'x-left': '12' })];
    const answer = await client({ token: 't', headers: { 'x-desk': 'd' } }).book({
      body: { seats: 2 },
      correlationId: 'c-1',
    });
    expect(answer).toEqual({
      status: 201,
      body: { id: '7' },
      etag: '"1"',
      atlasVersion: 'booking/7@1',
      headers: { Location: '/7', 'X-Left': 12 },
    });
    expect(seen).toMatchObject([
      {
        method: 'POST',
        url: '/v1/bookings',
        body: '{"seats":2}',
        headers: {
          authorization: 'Bearer t',
          'content-type': 'application/json',
          'idempotency-key': expect.stringMatching(/^[0-9a-f-]{36}$/),
          'x-correlation-id': 'c-1',
          'x-desk': 'd',
        },
      },
    ]);
  });

  it('keeps the path of the base, and sends the ETag as If-Match', async () => {
    script = [answers(204, '', '')];
    expect(await client({ baseUrl: `${baseUrl}/api/` }).change({ ...ID, ifMatch: '"7"', body: {} })).toEqual({
      status: 204,
    });
    expect(seen).toMatchObject([{ url: '/api/v1/bookings/7', headers: { 'if-match': '"7"' } }]);
  });

  it('resolves to problems: those of the operation, and those of the plumbing, declared or not', async () => {
    script = [problem(409, 'sold-out'), problem(422, 'idempotency-key-reused'), problem(414, 'path-too-long')];
    expect(await client().book()).toMatchObject({ status: 409, problem: { code: 'sold-out' } });
    expect(await client().book()).toMatchObject({ status: 422, problem: { code: 'idempotency-key-reused' } });
    expect(await client().read(ID)).toMatchObject({ status: 414, problem: { code: 'path-too-long' } });
  });

  it('has only the status and the headers if the method is HEAD', async () => {
    script = [json(200, '', { etag: '"3"' }), answers(503, 'text/html', ''), problem(404, 'booking-not-found')];
    expect(await client().look(ID)).toEqual({ status: 200, etag: '"3"' });
    expect(await client().look(ID)).toEqual({ status: 404 });
  });

  it.each([
    ['an undeclared status', json(200, {}), 'answers 200 application/json; charset=utf-8'],
    ['a problem of another operation', problem(410, 'gone'), 'answers 410 application/problem+json'],
    ['a code of the plumbing with another status', problem(410, 'busy'), 'answers 410 application/problem+json'],
    ['a problem without a code', answers(409, 'application/problem+json', {}), 'answers 409 application/problem+json'],
    ['a page', answers(201, 'text/html', '<h1>It works!'), 'answers 201 text/html, which is not in the contract: <h1>'],
    ['broken JSON', json(201, '{'), 'answers 201 application/json'],
    ['a redirect', answers(307, 'text/plain', '', { location: '/elsewhere' }), 'answers 307 text/plain'],
  ])('rejects if the answer is %s', async (_what, step, message) => {
    script = [step];
    await expect(client().book({ idempotencyKey: 'k-1' })).rejects.toMatchObject({
      code: 'ATLAS_CLIENT_ANSWER',
      message: expect.stringContaining(message),
      detail: { idempotencyKey: 'k-1' },
    });
    expect(seen).toHaveLength(1);
  });

  it('asks a function for the token of each try', async () => {
    script = [problem(503, 'busy', AGAIN), json(200, {})];
    let made = 0;
    await client({ token: async () => `t-${++made}` }).read(ID);
    expect(seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer t-1', 'Bearer t-2']);
  });

  it('does not show a token that cannot be sent', async () => {
    const failure: unknown = await client({ token: 'sec\nret' })
      .read(ID)
      .catch((error: unknown) => error);
    expect(String(failure)).toBe('AtlasError: options.token cannot be the value of a header');
  });
});

describe('a request that may have failed by chance', () => {
  it('is sent again with the same Idempotency-Key', async () => {
    script = [hangsUp, problem(503, 'outcome-unknown', AGAIN), json(201, {})];
    expect(await client().book()).toMatchObject({ status: 201 });
    expect(new Set(seen.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
    expect(seen).toHaveLength(3);
  });

  it('has a new key in each call, unless the caller gives one', async () => {
    script = [json(201, {}), json(201, {}), json(201, {})];
    for (const input of [{}, {}, { idempotencyKey: 'mine' }]) await client().book(input);
    const keys = seen.map(({ headers }) => headers['idempotency-key']);
    expect(new Set(keys).size).toBe(3);
    expect(keys[2]).toBe('mine');
  });

  it('is sent again if a proxy does not reach the service', async () => {
    script = [answers(502, 'text/html', 'Bad gateway'), json(200, { id: '7' })];
    expect(await client().read(ID)).toMatchObject({ status: 200 });
  });

  it('gives the last problem if its tries are used up', async () => {
    script = [1, 2, 3].map(() => problem(503, 'busy', AGAIN));
    expect(await client().book()).toMatchObject({ status: 503, problem: { code: 'busy' }, retryAfter: 0 });
    expect(seen).toHaveLength(3);
  });

  it('waits for no more than five seconds: a longer Retry-After is the answer', async () => {
    script = [problem(409, 'request-in-flight', { 'retry-after': '6' })];
    expect(await client().book()).toMatchObject({ status: 409, retryAfter: 6 });
  });

  it('is not sent again if it could be done twice, or if the caller does not want it', async () => {
    script = [problem(503, 'busy', AGAIN), problem(503, 'busy', AGAIN)];
    expect(await client().change({ ...ID, body: {} })).toMatchObject({ status: 503 });
    expect(await client({ retries: 0 }).read(ID)).toMatchObject({ status: 503 });
    expect(seen).toHaveLength(2);
  });
});

describe('a call without an answer', () => {
  it('rejects with the key to repeat it with', async () => {
    script = [hangsUp];
    await expect(client({ retries: 0 }).book({ idempotencyKey: 'k-1' })).rejects.toMatchObject({
      name: 'AtlasError',
      code: 'ATLAS_CLIENT_NETWORK',
      message: `book: POST ${baseUrl}/v1/bookings gives no answer: fetch failed: other side closed; it may have been done, repeat it with the same idempotencyKey`,
      detail: { idempotencyKey: 'k-1' },
    });
  });

  it('rejects after its time', async () => {
    script = [() => {}];
    await expect(client({ timeoutMs: 50, retries: 0 }).read(ID)).rejects.toMatchObject({
      code: 'ATLAS_CLIENT_NETWORK',
      message: expect.stringContaining('gives no answer: The operation was aborted due to timeout'),
    });
  });

  it("rejects with the signal's reason if its caller ends it", async () => {
    const ends = new AbortController();
    script = [() => ends.abort('enough')];
    await expect(client().change({ ...ID, body: {}, signal: ends.signal })).rejects.toBe('enough');
    expect(seen).toHaveLength(1);
  });

  it('does not wait for its next try once its caller ends it', async () => {
    const ends = new AbortController();
    script = [problem(503, 'busy', { 'retry-after': '5' })];
    const thenEnd = async (url: URL, init: RequestInit): Promise<Response> => {
      const response = await fetch(url, init);
      const text = await response.text();
      setImmediate(() => ends.abort('enough'));
      return new Response(text, response);
    };
    await expect(client({ fetch: thenEnd }).read({ ...ID, signal: ends.signal })).rejects.toBe('enough');
  }, 4_000);

  it('is not made if the address is not valid', () => {
    expect(() => client({ baseUrl: 'tickets' })).toThrow(expect.objectContaining({ code: 'ATLAS_CLIENT_INPUT' }));
  });
});

it('an answer that must be a success is one, or throws its problem', async () => {
  script = [json(200, { id: '7' }), problem(404, 'booking-not-found')];
  expect(succeeded(await client().read(ID))).toMatchObject({ body: { id: '7' } });
  const missing = await client().read(ID);
  expect(() => succeeded(missing)).toThrow(
    expect.objectContaining({
      code: 'ATLAS_CLIENT_PROBLEM',
      detail: expect.objectContaining({ code: 'booking-not-found' }),
    }),
  );
});
