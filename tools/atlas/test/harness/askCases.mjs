/**
 * Boots the generated services of case folders one by one, with a store in memory, and sends them requests. It reads
 * `[{ module, requests }]` from stdin and prints, for each case, why it does not boot, or the answer to each request
 * and what the handler got.
 */
import { text } from 'node:stream/consumers';
import { createApp, LastStatements } from '../../../runtime/src/adapters/fastify/app.ts';
import { promMetrics } from '../../../runtime/src/adapters/prom-client/promMetrics.ts';

const session = { query: async () => [{ locked: true, digest: null, version: null, kept: 1n }] };
const store = {
  transaction: async (work) => {
    const result = await work(session);
    return result instanceof LastStatements ? result.run(session) : result;
  },
  read: (work) => work(session),
  close: async () => {},
};
const plain = (value) =>
  JSON.parse(JSON.stringify(value ?? null, (_, item) => (typeof item === 'bigint' ? `${item}n` : item)));
/** JSON has no bigint: `"7n"` means 7n in `version`. */
const resultOf = ({ version, ...result }) =>
  version === undefined ? result : { ...result, version: BigInt(version.slice(0, -1)) };

/** What a handler answers that a request does not name: what it got, or a text if the client asks for one. */
const usual = ({ accept = '', body, query }) =>
  accept.startsWith('text/')
    ? { status: 200, mediaType: accept, body: 'text' }
    : { status: 200, body: body ?? query ?? null };

async function ask({ module, requests }) {
  const { contract } = await import(module);
  const failures = [];
  const log = { debug() {}, info() {}, warn() {}, error: ({ err }) => failures.push(err?.message), child: () => log };
  let current;
  const handle = async (input) => {
    const { ctx: _, ...seen } = input;
    current.input = plain(seen);
    return resultOf(current.handler ?? usual(seen));
  };
  const roles = contract.operations.flatMap(({ security }) => security.flatMap((one) => one.roles));
  const app = await createApp({
    ...contract,
    handlers: Object.fromEntries(contract.operations.map(({ id }) => [id, handle])),
    plumbing: {
      store,
      clock: { now: () => new Date(), sleep: async () => {} },
      messages: contract.messages,
      txOf: (tx) => tx,
      readOf: (read) => read,
      wake() {},
    },
    authenticator: { authenticate: async () => ({ id: 'kim', roles: current?.roles ?? roles }) },
    log,
    metrics: promMetrics(contract.service),
  });
  await app.ready();
  const answers = [];
  for (const { method, url, body, headers = {}, handler, roles: own } of requests) {
    current = { handler, roles: own };
    failures.length = 0;
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    const payload = body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) };
    const answer = await app.inject({
      method,
      url,
      headers: { authorization: 'x', ...type, ...headers },
      ...payload,
    });
    const isJson = /\bjson\b/.test(answer.headers['content-type'] ?? '') && answer.body !== '';
    answers.push({
      status: answer.statusCode,
      headers: answer.headers,
      body: isJson ? JSON.parse(answer.body) : answer.body,
      input: current.input ?? null,
      failures: [...failures],
    });
  }
  await app.close();
  return { answers };
}

const results = [];
for (const one of JSON.parse(await text(process.stdin)))
  results.push(await ask(one).catch((error) => ({ error: String(error), answers: [] })));
console.log(JSON.stringify(results));
