import { paymentsClient, type PaymentsClient } from '@atlas/generated-billing/clients/payments';
import { microsOf } from '@atlas/runtime/time';
import { intentSays, refundSays } from '../app/providerWords.ts';
import type { IntentSays, RefundSays } from '../domain/says.ts';
import type { ReportLine } from '../domain/reconcile.ts';
import type { PaymentProvider } from '../ports.ts';

/**
 * The longest try and the longest whole call, in milliseconds. They are shorter than the timeouts of the effects, so
 * that the breaker sees failures.
 */
const TIMEOUT_MS = 4_000;
const DEADLINE_MS = 12_000;

type EntryOf<Report> = Report extends {
  readonly status: 200;
  readonly body: { readonly entries: readonly (infer E)[] };
}
  ? E
  : never;
type ReportEntry = EntryOf<Awaited<ReturnType<PaymentsClient['getSettlementReport']>>>;

/**
 * The provider of an environment: PAYMENT_PROVIDER_URL is its address, PAYMENT_PROVIDER_KEY the secret API key.
 * Undefined without both of them. Throws with the name of the one that is missing.
 */
export function providerIn(env: Readonly<Record<string, string | undefined>>): PaymentProvider | undefined {
  const baseUrl = env['PAYMENT_PROVIDER_URL']?.trim() ?? '';
  const token = env['PAYMENT_PROVIDER_KEY']?.trim() ?? '';
  if (baseUrl === '' && token === '') return undefined;
  if (baseUrl === '' || token === '')
    throw new Error(`${baseUrl === '' ? 'PAYMENT_PROVIDER_URL' : 'PAYMENT_PROVIDER_KEY'} is not set, but the other is`);
  return pspProvider({ baseUrl, token });
}

/** The payment provider over HTTP. Answers that may change if the call is repeated become errors. */
export function pspProvider({
  baseUrl,
  token,
  timeoutMs = TIMEOUT_MS,
}: {
  readonly baseUrl: string;
  readonly token: string;
  readonly timeoutMs?: number;
}): PaymentProvider {
  const client = paymentsClient({ baseUrl, token, timeoutMs, deadlineMs: DEADLINE_MS });
  return {
    createIntent: async ({ amount, reference, description }, { idempotencyKey, signal }) => {
      const answer = await client.createPaymentIntent({
        body: { amount: Number(amount.amountMinor), currency: amount.currency, reference, description },
        idempotencyKey,
        signal,
      });
      switch (answer.status) {
        case 201:
          return intentSays(answer.body, new Date());
        case 400:
        case 413:
        case 415:
          return refusedIntent(reference, amount, answer.problem.code);
        case 401:
        case 409:
        case 422:
        case 429:
        case 500:
        case 503:
          throw unclear('createPaymentIntent', answer);
      }
    },

    cancelIntent: async ({ providerRef }, { idempotencyKey, signal }) => {
      const answer = await client.cancelPaymentIntent({
        params: { paymentIntentId: providerRef },
        idempotencyKey,
        signal,
      });
      if (answer.status === 200) return intentSays(answer.body, new Date());
      // it was captured meanwhile
      if (answer.status === 409 && answer.problem.code === 'payment-intent-succeeded') {
        const read = await client.getPaymentIntent({ params: { paymentIntentId: providerRef }, signal });
        if (read.status === 200) return intentSays(read.body, new Date());
        throw unclear('getPaymentIntent', read);
      }
      throw unclear('cancelPaymentIntent', answer);
    },

    createRefund: async ({ amount, reference, intentRef }, { idempotencyKey, signal }) => {
      const answer = await client.createRefund({
        body: {
          paymentIntentId: intentRef,
          amount: Number(amount.amountMinor),
          currency: amount.currency,
          reference,
        },
        idempotencyKey,
        signal,
      });
      switch (answer.status) {
        case 201:
          return refundSays(answer.body, new Date());
        case 400:
        case 404:
        case 413:
        case 415:
          return refusedRefund(reference, answer.problem.code);
        case 409:
          if (answer.problem.code === 'request-in-flight') throw unclear('createRefund', answer);
          return refusedRefund(reference, answer.problem.code);
        case 401:
        case 422:
        case 429:
        case 500:
        case 503:
          throw unclear('createRefund', answer);
      }
    },

    settlementOf: async (date, { signal }) => {
      const lines: ReportLine[] = [];
      for (let cursor: string | undefined; ;) {
        const query = cursor === undefined ? {} : { query: { cursor } };
        const answer = await client.getSettlementReport({ params: { date }, ...query, signal });
        if (answer.status !== 200) throw unclear('getSettlementReport', answer);
        lines.push(...answer.body.entries.map(lineOf));
        cursor = answer.body.nextCursor;
        if (cursor === undefined) return lines;
      }
    },
  };
}

function unclear(what: string, { status, problem }: { readonly status: number; readonly problem: { code: string } }) {
  return new Error(`${what} of the payment provider: ${status} ${problem.code}`);
}

function refusedIntent(reference: string, amount: IntentSays['amount'], failure: string): IntentSays {
  return { providerRef: '', status: 'FAILED', amount, reference, failure, saidAt: microsOf(new Date()) };
}

function refusedRefund(reference: string, failure: string): RefundSays {
  return { providerRef: '', status: 'FAILED', reference, failure, saidAt: microsOf(new Date()) };
}

const KINDS = { charge: 'CHARGE', refund: 'REFUND', fee: 'FEE', payout: 'PAYOUT' } as const;

function lineOf(entry: ReportEntry): ReportLine {
  return {
    kind: KINDS[entry.type],
    entryId: entry.entryId,
    providerRef: refOf(entry),
    reference: 'reference' in entry ? entry.reference : '',
    amount: { amountMinor: BigInt(entry.amount), currency: entry.currency },
    payoutRef: entry.type === 'payout' ? null : (entry.payoutId ?? null),
    at: microsOf(new Date(entry.occurredAt)),
  };
}

function refOf(entry: ReportEntry): string {
  switch (entry.type) {
    case 'charge':
      return entry.paymentIntentId;
    case 'refund':
      return entry.refundId;
    case 'fee':
      return entry.chargeId;
    case 'payout':
      return entry.payoutId;
  }
}
