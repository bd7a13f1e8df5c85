import { paymentWith, type Payment } from './payment.ts';
import type { IntentSays } from './says.ts';

/**
 * The meaning for a payment of what the provider says about its intent:
 * - `captured`: money came in. This is recorded in every state, because the money has moved.
 * - `failed`: a try failed, either for good or not.
 * - `known`: the provider has the intent, or has stopped collecting, as we asked.
 * - undefined: the no-op of the state table. The provider says something that is known or out of date.
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
      // the answer to the request for the intent came after we had cancelled the payment
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

/** Stops collecting a payment that is no longer needed. Undefined if it has ended. */
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
