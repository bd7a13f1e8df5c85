import type { CancelIntent, CreateIntent, SubmitRefund } from '@atlas/generated-billing';
import { microsOf } from '@atlas/runtime/time';
import type { PaymentProvider, Ports } from '../ports.ts';
import { hearIntent } from './hearIntent.ts';
import { hearRefund } from './hearRefund.ts';

/**
 * The last try of an effect (`retry` in the AsyncAPI document). If it fails, it is unknown what the provider has done.
 */
const LAST_TRY = 6;
const ASK_AGAIN_MS = 60_000;

/**
 * The result of a call, or `unanswered` if its last try fails. Earlier failures are thrown, so that the call is made
 * again.
 */
async function answered<T>(attempt: number, calling: () => Promise<T>, unanswered: (why: string) => T): Promise<T> {
  try {
    return await calling();
  } catch (error) {
    if (attempt < LAST_TRY) throw error;
    return unanswered(error instanceof Error ? error.message : String(error));
  }
}

function configured({ provider }: Ports): PaymentProvider {
  if (!provider) throw new Error('no payment provider is configured');
  return provider;
}

export const createIntent = (ports: Ports): CreateIntent.Handler => ({
  perform: ({ data: { paymentId, amount, description }, call }) =>
    answered(
      call.attempt,
      () =>
        configured(ports).createIntent(
          { amount, description, reference: paymentId },
          { ...call, idempotencyKey: paymentId },
        ),
      (failure) => unansweredIntent(paymentId, amount, failure),
    ),
  settle: async ({ outcome, key, ctx }, tx) =>
    outcome.status === 'UNANSWERED' ? askAgain(key, ctx.now) : hearIntent(ports, tx, ctx, outcome),
});

export const cancelIntent = (ports: Ports): CancelIntent.Handler => ({
  perform: ({ data: { paymentId, providerRef }, call }) =>
    answered(
      call.attempt,
      () => configured(ports).cancelIntent({ providerRef }, { ...call, idempotencyKey: `${paymentId}/cancel` }),
      (failure) => unansweredIntent(paymentId, { amountMinor: 0n, currency: 'XXX' }, failure),
    ),
  settle: async ({ outcome, key, ctx }, tx) =>
    outcome.status === 'UNANSWERED' ? askAgain(key, ctx.now) : hearIntent(ports, tx, ctx, outcome),
});

export const submitRefund = (ports: Ports): SubmitRefund.Handler => ({
  perform: ({ data: { refundId, idempotencyKey, intentRef, amount }, call }) =>
    answered(
      call.attempt,
      () => configured(ports).createRefund({ amount, intentRef, reference: refundId }, { ...call, idempotencyKey }),
      (failure) => ({
        providerRef: '',
        status: 'UNANSWERED',
        reference: refundId,
        failure: `the provider did not answer, and may have paid: ${failure}`,
        saidAt: microsOf(new Date()),
      }),
    ),
  settle: ({ outcome, ctx }, tx) => hearRefund(ports, tx, ctx, outcome),
});

function unansweredIntent(
  reference: string,
  amount: CreateIntent.Input['data']['amount'],
  failure: string,
): Awaited<ReturnType<CreateIntent.Handler['perform']>> {
  return { providerRef: '', status: 'UNANSWERED', amount, reference, failure, saidAt: microsOf(new Date()) };
}

/** The outcome if the provider does not answer: the request is repeated until it does. */
function askAgain(paymentId: string, now: Date): CreateIntent.Result {
  const at = new Date(now.getTime() + ASK_AGAIN_MS);
  return { events: [], timers: [{ set: 'askAgain', key: paymentId, at, data: { paymentId } }] };
}
