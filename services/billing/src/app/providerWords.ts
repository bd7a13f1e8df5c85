import type { components } from '@atlas/generated-billing';
import { microsOf } from '@atlas/runtime/time';
import type { IntentSays, PayoutSays, RefundSays } from '../domain/says.ts';

type Schemas = components['schemas'];

/** What the provider says, in our words. Its client and its webhooks have objects of the same form. */

const INTENT_STATUS = {
  'awaiting-payment': 'AWAITING',
  succeeded: 'SUCCEEDED',
  failed: 'FAILED',
  cancelled: 'CANCELLED',
} as const;

/** `saidAt` is used if the intent does not say when it was captured. */
export function intentSays(intent: Schemas['PaymentIntent'], saidAt: Date): IntentSays {
  const { paymentIntentId, status, amount, currency, reference, capturedAt, failure } = intent;
  return {
    providerRef: paymentIntentId,
    status: INTENT_STATUS[status],
    amount: { amountMinor: BigInt(amount), currency },
    reference,
    failure: failure?.code ?? null,
    saidAt: microsOf(capturedAt === undefined ? saidAt : new Date(capturedAt)),
  };
}

const REFUND_STATUS = { pending: 'PENDING', succeeded: 'SUCCEEDED', failed: 'FAILED' } as const;

export function refundSays(
  {
    refundId,
    status,
    reference,
    failure,
  }: Pick<Schemas['payment-provider_Refund'], 'refundId' | 'status' | 'reference' | 'failure'>,
  saidAt: Date,
): RefundSays {
  return {
    providerRef: refundId,
    status: REFUND_STATUS[status],
    reference,
    failure: failure ? `${failure.code}: ${failure.message}` : null,
    saidAt: microsOf(saidAt),
  };
}

export function payoutSays({ payoutId, amount, fees, currency, paidAt }: Schemas['Payout']): PayoutSays {
  return {
    providerRef: payoutId,
    amount: { amountMinor: BigInt(amount), currency },
    fees: { amountMinor: BigInt(fees), currency },
    saidAt: microsOf(new Date(paidAt)),
  };
}
