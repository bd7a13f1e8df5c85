import { createHash, timingSafeEqual } from 'node:crypto';
import * as validators from '@atlas/generated-payment-sandbox/validators';
import type { components } from '@atlas/generated-payment-sandbox/types';
import type { Validate } from '@atlas/runtime';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Faults } from '../provider/faults.ts';
import { dayOf } from '../provider/objects.ts';
import type { Provider } from '../provider/provider.ts';
import { reportOf } from '../provider/settlement.ts';
import type { Store } from '../provider/store.ts';
import { problem, send, type Answer } from './problem.ts';

export interface ApiOptions {
  readonly store: Store;
  readonly provider: Provider;
  readonly faults: Faults;
  /** The secret that merchants send. */
  readonly apiKey: string;
  readonly now: () => number;
  /** How long a request without an answer hangs. */
  readonly hangMs: number;
  /** Called after a change. */
  readonly changed: () => void;
}

/** Adds the merchant's operations, as in the document of the provider. */
export function addApi(app: FastifyInstance, options: ApiOptions): void {
  const { provider, store, now } = options;
  const commands = new Commands(options);

  app.post('/v1/payment-intents', (request, reply) =>
    commands.run(request, reply, 'createPaymentIntent', validators.createPaymentIntentBody, (body) => ({
      status: 201,
      // cast: the validator of the body has accepted it
      body: provider.createIntent(body as NewIntent),
    })),
  );
  app.post<{ Params: { id: string } }>('/v1/payment-intents/:id/cancel', (request, reply) => {
    const { id } = request.params;
    return commands.run(request, reply, 'cancelPaymentIntent', undefined, () => {
      const wrong = validators.cancelPaymentIntentParams({ path: { paymentIntentId: id } });
      if (wrong) return invalid(wrong);
      const intent = provider.cancelIntent(id);
      return 'refused' in intent ? problem(intent.refused) : { status: 200, body: intent };
    });
  });
  app.post('/v1/refunds', (request, reply) =>
    commands.run(request, reply, 'createRefund', validators.createRefundBody, (body) => {
      // cast: the validator of the body has accepted it
      const refund = provider.createRefund(body as NewRefund);
      return 'refused' in refund ? problem(refund.refused) : { status: 201, body: refund };
    }),
  );
  app.get<{ Params: { id: string } }>('/v1/payment-intents/:id', (request, reply) =>
    commands.read(request, reply, 'getPaymentIntent', () => {
      const { id } = request.params;
      const wrong = validators.getPaymentIntentParams({ path: { paymentIntentId: id } });
      const intent = wrong ? undefined : provider.intent(id);
      return wrong ? invalid(wrong) : intent ? { status: 200, body: intent } : problem('payment-intent-not-found');
    }),
  );
  app.get<{ Params: { id: string } }>('/v1/refunds/:id', (request, reply) =>
    commands.read(request, reply, 'getRefund', () => {
      const { id } = request.params;
      const wrong = validators.getRefundParams({ path: { refundId: id } });
      const refund = wrong ? undefined : provider.refund(id);
      return wrong ? invalid(wrong) : refund ? { status: 200, body: refund } : problem('refund-not-found');
    }),
  );
  app.get<{ Params: { date: string }; Querystring: Record<string, unknown> }>(
    '/v1/settlement-reports/:date',
    (request, reply) =>
      commands.read(request, reply, 'getSettlementReport', () => {
        const { date } = request.params;
        const { cursor, limit } = request.query;
        const query = {
          ...(cursor === undefined ? {} : { cursor }),
          limit: limit === undefined ? 500 : typeof limit === 'string' && /^\d+$/.test(limit) ? Number(limit) : limit,
        };
        const wrong = validators.getSettlementReportParams({ path: { date }, query });
        const after = cursorIn(cursor);
        if (wrong || after === undefined) return invalid(wrong ?? [{ pointer: '/query/cursor', detail: 'is not one' }]);
        const { entries, next } = reportOf(store, { day: date, after, limit: Number(query.limit) });
        const final = date < dayOf(now());
        return {
          status: 200,
          body: { date, final, entries, ...(next === undefined ? {} : { nextCursor: `e${next}` }) },
        };
      }),
  );
}

type NewIntent = components['schemas']['NewPaymentIntent'];
type NewRefund = components['schemas']['NewRefund'];
type Wrong = NonNullable<ReturnType<Validate>>;

function invalid(errors: Wrong): Answer {
  return problem('invalid-request', errors.map(({ pointer, detail }) => `${pointer} ${detail}`).join('; '));
}

/** The number of the last entry that the page before has; 0 on the first page. */
function cursorIn(cursor: unknown): number | undefined {
  if (cursor === undefined) return 0;
  const digits = typeof cursor === 'string' ? /^e(\d{1,15})$/.exec(cursor)?.[1] : undefined;
  return digits === undefined ? undefined : Number(digits);
}

const MAX_ARRIVALS = 100_000;

/** The common parts of all operations: the API key, idempotency, and misbehaviour. */
class Commands {
  readonly #options: ApiOptions;
  /** How often each request has come, so that a repeated one may get a different random fault. */
  readonly #arrivals = new Map<string, number>();

  constructor(options: ApiOptions) {
    this.#options = options;
  }

  read(request: FastifyRequest, reply: FastifyReply, operation: string, work: () => Answer): unknown {
    if (!this.#isMerchant(request)) return send(reply, problem('unauthorized'));
    return this.#answer(reply, operation, { reference: '', subject: request.url }, work);
  }

  run(
    request: FastifyRequest,
    reply: FastifyReply,
    operation: string,
    validate: Validate | undefined,
    work: (body: unknown) => Answer,
  ): unknown {
    if (!this.#isMerchant(request)) return send(reply, problem('unauthorized'));
    const key = request.headers['idempotency-key'];
    if (typeof key !== 'string' || !/^[!-~]([ -~]*[!-~])?$/.test(key) || key.length > 200)
      return send(reply, problem('invalid-request', 'send an Idempotency-Key of 1 to 200 printable characters'));
    const text = typeof request.body === 'string' ? request.body : '';
    const parsed = validate ? parse(text) : { value: undefined };
    if (!parsed) return send(reply, problem('invalid-request', 'the body is not JSON'));
    const wrong = validate?.(parsed.value);
    if (wrong) return send(reply, invalid(wrong));
    const digest = createHash('sha256').update(`${request.url}\n${text}`).digest('hex');
    const reference = referenceIn(parsed.value);
    return this.#answer(reply, operation, { reference, subject: key }, () =>
      this.#once(key, digest, () => work(parsed.value)),
    );
  }

  /** The kept answer of a key, or the work with its answer, which is kept in the same transaction. */
  #once(key: string, digest: string, work: () => Answer): Answer {
    const { store, now } = this.#options;
    return store.transaction(() => {
      const kept = store.get('SELECT digest, status, body FROM answer WHERE key = ?', key);
      if (kept && kept['digest'] !== digest) return problem('idempotency-key-reused');
      if (kept) {
        const body: object = JSON.parse(String(kept['body']));
        return { status: Number(kept['status']), body, headers: { 'idempotency-replayed': 'true' } };
      }
      const answer = work();
      store.run(
        'INSERT INTO answer (key, digest, status, body, at) VALUES (?, ?, ?, ?, ?)',
        key,
        digest,
        answer.status,
        JSON.stringify(answer.body),
        now(),
      );
      return answer;
    });
  }

  #answer(
    reply: FastifyReply,
    target: string,
    { reference, subject }: { readonly reference: string; readonly subject: string },
    work: () => Answer,
  ): unknown {
    const { faults, changed, hangMs } = this.#options;
    const arrival = (this.#arrivals.get(`${target} ${subject}`) ?? 0) + 1;
    if (this.#arrivals.size > MAX_ARRIVALS) this.#arrivals.clear();
    this.#arrivals.set(`${target} ${subject}`, arrival);
    const fault = faults.next('request', { target, reference, subject: `${target} ${subject} ${arrival}` })?.kind;
    if (fault === 'fail') return send(reply, problem('internal'));
    if (fault === 'unavailable') return send(reply, problem('unavailable'));
    const answer = work();
    changed();
    if (fault === 'fail-after-work') return send(reply, problem('internal'));
    if (fault !== 'timeout-after-work') return send(reply, answer);
    reply.hijack();
    const { socket } = reply.raw;
    setTimeout(() => socket?.destroy(), hangMs).unref();
    return undefined;
  }

  #isMerchant({ headers }: FastifyRequest): boolean {
    const given = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1] ?? '';
    return timingSafeEqual(hashOf(given), hashOf(this.#options.apiKey));
  }
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined; // the caller reports that it is not JSON
  }
}

function referenceIn(body: unknown): string {
  return typeof body === 'object' && body !== null && 'reference' in body ? String(body.reference) : '';
}
