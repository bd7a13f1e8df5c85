import { creditOf, paymentWith, type Payment } from './payment.ts';

export type RefundState = 'PENDING_APPROVAL' | 'SUBMITTED' | 'SUCCEEDED' | 'FAILED' | 'REJECTED';

/** Everything but the state is fixed when it is requested. */
export interface Refund {
  readonly refundId: string;
  /** 1 for a new refund, and one more for each committed change. */
  readonly version: bigint;
  readonly paymentId: string;
  readonly state: RefundState;
  readonly currency: string;
  readonly amount: bigint;
  /** Whether the saga requested it. Then it needs no approval. */
  readonly automatic: boolean;
  /** Who requested it; the name of the saga is `atlas`. */
  readonly requesterId: string;
  /** What that person says about it. */
  readonly note: string | undefined;
  /** SHA-256 of what was requested, in hex. An approval names it. */
  readonly digest: string;
  /** The refund in the words of the provider or of the bank. */
  readonly providerRef: string | undefined;
  /** Why it failed. */
  readonly failure: string | undefined;
  readonly requestedAt: Date;
}

/** Who requests what the saga requests. */
export const SAGA = 'atlas';

/** What was requested as one text, the same on every machine. Its SHA-256 is the digest of the refund. */
export function canonicalRefund(
  refund: Pick<Refund, 'refundId' | 'paymentId' | 'amount' | 'currency' | 'requesterId'>,
): string {
  const { refundId, paymentId, amount, currency, requesterId } = refund;
  return JSON.stringify(['refund/1', refundId, paymentId, String(amount), currency, requesterId]);
}

export interface Wish {
  readonly refundId: string;
  readonly amount: bigint;
  readonly automatic: boolean;
  readonly requesterId: string;
  readonly note: string | undefined;
  readonly requestedAt: Date;
}

/**
 * Sets some of a payment's credit aside to be paid back. Undefined if there is less credit than that. The amount counts
 * as refunded from now on, so that two requests cannot have it both.
 */
export function askRefund(
  payment: Payment,
  wish: Wish,
  digestOf: (text: string) => string,
): { readonly payment: Payment; readonly refund: Refund } | undefined {
  if (wish.amount < 1n || wish.amount > creditOf(payment)) return undefined;
  const { paymentId, currency } = payment;
  const terms = { ...wish, paymentId, currency };
  return {
    payment: paymentWith(payment, { refunded: payment.refunded + wish.amount }),
    refund: {
      ...terms,
      version: 1n,
      state: wish.automatic ? 'SUBMITTED' : 'PENDING_APPROVAL',
      digest: digestOf(canonicalRefund(terms)),
      providerRef: undefined,
      failure: undefined,
    },
  };
}
