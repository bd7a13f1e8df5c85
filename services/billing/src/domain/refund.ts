import type { Approved } from './approved.ts';
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
  /** How often the provider has said that it did not pay. It wants another idempotency key after each of them. */
  readonly refusals: number;
  /** Whether the provider did not answer, so that nobody knows whether it has paid. */
  readonly unclear: boolean;
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
      refusals: 0,
      unclear: false,
    },
  };
}

/*
 * How a refund goes on. Undefined is the no-op of the state table: the event is stale or a repetition, or it is about
 * something else than what was requested.
 */

function next(refund: Refund, change: Partial<Refund>): Refund {
  return { ...refund, ...change, version: refund.version + 1n };
}

function isAbout({ version, digest }: Refund, approved: Approved): boolean {
  return version === approved.subjectVersion && digest === approved.digest;
}

export function approve(refund: Refund, approved: Approved): Refund | undefined {
  switch (refund.state) {
    case 'PENDING_APPROVAL':
      return isAbout(refund, approved) ? next(refund, { state: 'SUBMITTED' }) : undefined;
    case 'SUBMITTED':
    case 'SUCCEEDED':
    case 'FAILED':
    case 'REJECTED':
      return undefined;
  }
}

export function reject(refund: Refund, rejected: Approved): Refund | undefined {
  switch (refund.state) {
    case 'PENDING_APPROVAL':
      return isAbout(refund, rejected) ? next(refund, { state: 'REJECTED' }) : undefined;
    case 'SUBMITTED':
    case 'SUCCEEDED':
    case 'FAILED':
    case 'REJECTED':
      return undefined;
  }
}

/** It was paid back. That counts also after a failure, because money that has moved has moved. */
export function succeed(refund: Refund, providerRef: string): Refund | undefined {
  switch (refund.state) {
    case 'SUBMITTED':
    case 'FAILED':
      return next(refund, { state: 'SUCCEEDED', providerRef, failure: undefined, unclear: false });
    case 'PENDING_APPROVAL':
    case 'SUCCEEDED':
    case 'REJECTED':
      return undefined;
  }
}

/** The provider did not pay, or did not answer, so a person has to look at it. */
export function fail(refund: Refund, failure: string, { unclear }: { readonly unclear: boolean }): Refund | undefined {
  const failed = { state: 'FAILED', failure, unclear, refusals: refund.refusals + (unclear ? 0 : 1) } as const;
  switch (refund.state) {
    case 'SUBMITTED':
      return next(refund, failed);
    case 'FAILED':
      // now it is known that the provider did not pay
      return refund.unclear && !unclear ? next(refund, failed) : undefined;
    case 'PENDING_APPROVAL':
    case 'SUCCEEDED':
    case 'REJECTED':
      return undefined;
  }
}

/** A person wants the provider to try again. */
export function retry(refund: Refund): Refund | undefined {
  switch (refund.state) {
    case 'FAILED':
      return next(refund, { state: 'SUBMITTED', failure: undefined, unclear: false });
    case 'PENDING_APPROVAL':
    case 'SUBMITTED':
    case 'SUCCEEDED':
    case 'REJECTED':
      return undefined;
  }
}

/** The same until the provider has said that it did not pay: then it pays once, however often it is asked. */
export function idempotencyKeyOf({ refundId, refusals }: Refund): string {
  return `${refundId}/${refusals}`;
}
