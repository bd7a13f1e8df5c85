import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import * as validators from '@atlas/generated-payment-sandbox/validators';
import { signWebhook, webhookKey } from '@atlas/runtime/webhooks';
import { startSandbox, type Sandbox, type SandboxOptions } from '../src/index.ts';

const KEY = Buffer.alloc(32, 7);
export const SECRET = `whsec_${KEY.toString('base64')}`;
export const API_KEY = 'sk_test_merchant';

/** A webhook as it arrived. */
export interface Arrival {
  readonly id: string;
  readonly type: string;
  readonly isSigned: boolean;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A merchant's server for webhooks, and calls of the sandbox. */
export interface Merchant extends AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly arrivals: readonly Arrival[];
  /** Sets the merchant's answer to webhooks from now on. A wrong signature is refused with 401 in any case. */
  answerWith(status: number): void;
  call(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Called>;
  /** A command with a key of its own. */
  post(path: string, body?: unknown, key?: string): Promise<Called>;
  /** Makes an intent and waits until its payer has acted. */
  settled(reference: string, amount?: number): Promise<Called>;
  restart(options?: Partial<SandboxOptions>): Promise<void>;
}

export interface Called {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Headers;
}

/** Starts a sandbox and a merchant. Every answer of the API is checked against the document. */
export async function merchant(options: Partial<SandboxOptions> = {}): Promise<Merchant> {
  const arrivals: Arrival[] = [];
  let status = 204;
  let keys = 0;
  const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const arrival = arrivalOf(request, await text(request));
    arrivals.push(arrival);
    response.writeHead(arrival.isSigned ? status : 401).end();
  };
  const server = createServer((request, response) => void receive(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const start = (more: Partial<SandboxOptions> = {}): Promise<Sandbox> =>
    startSandbox({
      webhookUrl: `http://127.0.0.1:${port}/webhooks`,
      secrets: [SECRET],
      apiKey: API_KEY,
      delays: { payMs: 0, payAgainMs: 0, refundMs: 0 },
      redeliveriesMs: [1, 1, 1],
      hangMs: 100,
      ...options,
      ...more,
    });
  let sandbox = await start();

  const call: Merchant['call'] = async (method, path, body, headers = {}) => {
    const response = await fetch(`${sandbox.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${API_KEY}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const words = await response.text();
    const parsed: Called['body'] = words === '' ? {} : JSON.parse(words);
    const wrong = validatorOf(method, path, response.status)?.(parsed);
    if (wrong) throw new Error(`${method} ${path} answers ${words}, but ${JSON.stringify(wrong)}`);
    return { status: response.status, body: parsed, headers: response.headers };
  };
  const post: Merchant['post'] = (path, body, key = `key-${(keys += 1)}`) =>
    call('POST', path, body, { 'idempotency-key': key });
  const settled: Merchant['settled'] = async (reference, amount = 10_000) => {
    const create = (): Promise<Called> =>
      post('/v1/payment-intents', { amount, currency: 'EUR', reference }, `pay ${reference}`);
    let created = await create();
    while (created.status >= 500) created = await create();
    const path = `/v1/payment-intents/${String(created.body['paymentIntentId'])}`;
    for (;;) {
      const now = await call('GET', path);
      if (now.status === 200 && now.body['status'] !== 'awaiting-payment') return now;
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return {
    get sandbox() {
      return sandbox;
    },
    arrivals,
    answerWith: (next) => {
      status = next;
    },
    call,
    post,
    settled,
    restart: async (more) => {
      await sandbox.stop();
      sandbox = await start(more);
    },
    [Symbol.asyncDispose]: async () => {
      await sandbox.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function arrivalOf({ headers }: IncomingMessage, body: string): Arrival {
  const [id, timestamp] = [String(headers['webhook-id']), String(headers['webhook-timestamp'])];
  const expected = signWebhook(webhookKey(SECRET) ?? KEY, { id, timestamp, body });
  const parsed: { type: string; data: Readonly<Record<string, unknown>> } = JSON.parse(body);
  return { id, type: parsed.type, isSigned: headers['webhook-signature'] === expected, data: parsed.data };
}

const OPERATIONS: readonly (readonly [RegExp, string])[] = [
  [/^POST \/v1\/payment-intents$/, 'createPaymentIntent'],
  [/^POST \/v1\/payment-intents\/[^/]+\/cancel$/, 'cancelPaymentIntent'],
  [/^GET \/v1\/payment-intents\/[^/]+$/, 'getPaymentIntent'],
  [/^POST \/v1\/refunds$/, 'createRefund'],
  [/^GET \/v1\/refunds\/[^/]+$/, 'getRefund'],
  [/^GET \/v1\/settlement-reports\/[^/?]+/, 'getSettlementReport'],
];

/** The validator of an answer of the document. An answer that the document does not declare is an error. */
function validatorOf(method: string, path: string, status: number): ((value: unknown) => unknown) | undefined {
  const operation = OPERATIONS.find(([pattern]) => pattern.test(`${method} ${path}`))?.[1];
  if (operation === undefined) return undefined;
  const found = new Map(Object.entries(validators)).get(`${operation}${status}`);
  if (!found) throw new Error(`the document of ${operation} does not declare ${status}`);
  return found;
}
