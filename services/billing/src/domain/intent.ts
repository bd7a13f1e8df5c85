import { paymentWith, type Payment } from './payment.ts';
import type { IntentSays } from './says.ts';

/**
 * What it means for a payment that the provider says something about its intent:
 * - `captured`: money came in. That counts in each state, because money that has moved has moved.
 * - `failed`: a try failed, for good or not.
 * - `known`: the provider has the intent, or collects no more, as we asked.
 * - undefined: the no-op of the state table. The provider says something old.
 */
export type Meaning =
  | { readonly kind: 'captured' }
  | {
      readonly kind: 'failed';
      readonly final: boolean;
      readonly reason: 'DECLINED' | 'EXPIRED' | 'PROVIDER_ERROR';
      readonly payment: Payment;
    }
  | { readonly kind: 'known'; readonly payment: Payment };

export function meaningOf(payment: Payment, says: IntentSays): Meaning | undefined {
  const providerRef = says.providerRef === '' ? payment.providerRef : says.providerRef;
  const next = (state: Payment['state']): Payment => paymentWith(payment, { state, providerRef });
  switch (payment.state) {
    case 'SUCCEEDED':
      return undefined;
    case 'FAILED':
      return says.status === 'SUCCEEDED' ? { kind: 'captured' } : undefined;
    case 'CANCELLED':
      if (says.status === 'SUCCEEDED') return { kind: 'captured' };
      // the answer to the request that made it came after we had cancelled it
      return payment.providerRef === undefined && providerRef !== undefined
        ? { kind: 'known', payment: next('CANCELLED') }
        : undefined;
    case 'PENDING':
    case 'PROCESSING':
      switch (says.status) {
        case 'SUCCEEDED':
          return { kind: 'captured' };
        case 'FAILED': {
          const reason = says.providerRef === '' ? 'PROVIDER_ERROR' : 'DECLINED';
          return { kind: 'failed', final: true, reason, payment: next('FAILED') };
        }
        case 'CANCELLED':
          return { kind: 'failed', final: true, reason: 'EXPIRED', payment: next('FAILED') };
        case 'AWAITING':
          if (says.failure !== null)
            return { kind: 'failed', final: false, reason: 'DECLINED', payment: next('PROCESSING') };
          return payment.state === 'PENDING' ? { kind: 'known', payment: next('PROCESSING') } : undefined;
        case 'UNANSWERED':
        case 'UNSPECIFIED':
          return undefined;
      }
  }
}

/** Stops collecting a payment that nobody needs any more. Undefined if it has ended. */
export function withdraw(payment: Payment): Payment | undefined {
  switch (payment.state) {
    case 'PENDING':
    case 'PROCESSING':
      return paymentWith(payment, { state: 'CANCELLED' });
    case 'SUCCEEDED':
    case 'FAILED':
    case 'CANCELLED':
      return undefined;
  }
}
