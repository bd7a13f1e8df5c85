import fastify, { type FastifyInstance } from 'fastify';
import { addAdmin } from './http/admin.ts';
import { addApi } from './http/api.ts';
import { problem, send } from './http/problem.ts';
import { Faults, type NewFault, type RandomFaults } from './provider/faults.ts';
import { dayOf, type Payout } from './provider/objects.ts';
import { Provider, type Delays } from './provider/provider.ts';
import { payOut } from './provider/settlement.ts';
import { openStore, type Store } from './provider/store.ts';
import { Dispatcher } from './webhooks/dispatcher.ts';
import { REDELIVERIES_MS, WebhookOutbox } from './webhooks/outbox.ts';

export interface SandboxOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** 127.0.0.1 by default. */
  readonly host?: string;
  /** The merchant's address for webhooks. A function if the merchant starts later. */
  readonly webhookUrl: string | (() => string);
  /** `whsec_…`; two while one is being replaced. */
  readonly secrets: readonly string[];
  /** The key that merchants send as `Authorization: Bearer`. */
  readonly apiKey: string;
  /** The file of its store, which survives a restart; in memory by default. */
  readonly file?: string;
  readonly random?: RandomFaults;
  /** 50 ms, 1,000 ms and 50 ms by default. */
  readonly delays?: Partial<Delays>;
  /** The waits between the deliveries of a webhook that is not answered; those of Standard Webhooks by default. */
  readonly redeliveriesMs?: readonly number[];
  /** Milliseconds since 1970; the system's clock by default. */
  readonly now?: () => number;
  /** How long a request without an answer hangs; 60,000 ms by default. */
  readonly hangMs?: number;
}

export interface Sandbox {
  readonly url: string;
  addFault(fault: NewFault): void;
  /** Makes the payer of an intent try now. False if the intent does not wait for payment. */
  pay(paymentIntentId: string): boolean;
  payOut(): readonly Payout[];
  stop(): Promise<void>;
}

const BODY_LIMIT = 65_536;
/** The longest wait between two looks at what is due. */
const LONGEST_WAIT_MS = 60_000;
/** The wait while a delivery is under way. */
const SHORTEST_WAIT_MS = 10;

/** Starts a payment provider: its API, its webhooks, its payers and its misbehaviour. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { now = Date.now, delays = {}, redeliveriesMs = REDELIVERIES_MS } = options;
  const store = openStore(options.file ?? ':memory:');
  const faults = new Faults(store, options.random);
  const outbox = new WebhookOutbox(store, faults, now, redeliveriesMs);
  const emit = outbox.emit.bind(outbox);
  const provider = new Provider({
    store,
    faults,
    emit,
    now,
    delays: { payMs: 50, payAgainMs: 1_000, refundMs: 50, ...delays },
  });
  const { webhookUrl } = options;
  const url = typeof webhookUrl === 'string' ? (): string => webhookUrl : webhookUrl;
  const dispatcher = new Dispatcher({ outbox, url, secrets: options.secrets });

  const paidOut = (): readonly Payout[] =>
    store.transaction(() => {
      const payouts = payOut(store, now());
      for (const payout of payouts) emit('payout.paid', payout, `${payout.currency} ${dayOf(now())}`);
      return payouts;
    });

  let timer: NodeJS.Timeout | undefined;
  let today = dayOf(now());
  let stopped = false;
  const work = (): void => {
    if (stopped) return;
    if (dayOf(now()) !== today) {
      // pays out once a day, as a bank does
      paidOut();
      forgetAnswers(store, now());
    }
    today = dayOf(now());
    provider.runDue();
    dispatcher.dispatch(work);
    const due = [provider.nextDue(), outbox.nextDue()].filter((at) => at !== undefined);
    // a delivery that is due may be under way, or may have become due since the last line
    const wait = Math.min(LONGEST_WAIT_MS, ...due.map((at) => Math.max(SHORTEST_WAIT_MS, at - now())));
    clearTimeout(timer);
    timer = setTimeout(work, wait);
    timer.unref();
  };

  const app = newApp();
  const changed = (): void => void setImmediate(work);
  addApi(app, { store, provider, faults, apiKey: options.apiKey, now, hangMs: options.hangMs ?? 60_000, changed });
  addAdmin(app, { provider, faults, outbox, payOut: paidOut, changed });
  const address = await app.listen({ host: options.host ?? '127.0.0.1', port: options.port ?? 0 });
  work();
  return {
    url: address,
    addFault: (fault) => faults.add(fault),
    pay: (id) => {
      const paid = provider.payNow(id);
      changed();
      return paid;
    },
    payOut: () => {
      const payouts = paidOut();
      changed();
      return payouts;
    },
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await app.close();
      await dispatcher.stop();
      store.close();
    },
  };
}

const KEEP_ANSWERS_MS = 30 * 24 * 3_600_000;

function forgetAnswers(store: Store, now: number): void {
  store.run('DELETE FROM answer WHERE at < ?', now - KEEP_ANSWERS_MS);
}

/** An app whose bodies are text, and whose errors are problems. */
function newApp(): FastifyInstance {
  const app = fastify({
    bodyLimit: BODY_LIMIT,
    forceCloseConnections: true,
    frameworkErrors: (_error, _request, reply) => {
      void send(reply, problem('invalid-request'));
    },
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.setNotFoundHandler((_request, reply) => send(reply, problem('not-found')));
  app.setErrorHandler((error, _request, reply) => {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return send(reply, problem('body-too-large'));
    if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return send(reply, problem('unsupported-media-type'));
    const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
    if (status < 500) return send(reply, problem('invalid-request'));
    console.error(error);
    return send(reply, problem('internal'));
  });
  return app;
}
