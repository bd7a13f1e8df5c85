import type { Approved } from './approved.ts';
import { creditOf, paymentWith, type Payment } from './payment.ts';

export type RefundState = 'PENDING_APPROVAL' | 'SUBMITTED' | 'SUCCEEDED' | 'FAILED' | 'REJECTED';

/** Everything except the state is fixed when it is requested. */
export interface Refund {
  readonly refundId: string;
  /** 1 for a new refund, and one more for each committed change. */
  readonly version: bigint;
  readonly paymentId: string;
  readonly state: RefundState;
  readonly currency: string;
  readonly amount: bigint;
  /** Whether the saga requested it, in which case it needs no approval. */
  readonly automatic: boolean;
  /** Who requested it; `atlas` means the saga. */
  readonly requesterId: string;
  /** That person's note. */
  readonly note: string | undefined;
  /** SHA-256 of the request, in hex. An approval names it. */
  readonly digest: string;
  /** The id that the provider or the bank gives the refund. */
  readonly providerRef: string | undefined;
  /** Why it failed. */
  readonly failure: string | undefined;
  /** How often the provider has said that it did not pay. Each time, the next try needs a new idempotency key. */
  readonly refusals: number;
  /** Whether the provider did not answer, so that it is unknown whether it has paid. */
  readonly unclear: boolean;
  readonly requestedAt: Date;
}

/** The requester of refunds by the saga. */
export const SAGA = 'atlas';

/** The request as one text, the same on every machine. Its SHA-256 is the digest of the refund. */
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
 * Sets a part of a payment's credit aside to be paid back. Undefined if there is not enough credit. The amount counts
 * as refunded from now on, so that two requests cannot both have it.
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
 * The next states of a refund. Undefined is the no-op of the state table: the event is stale, is a repetition, or is
 * about a different request.
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

/** It was paid back. This is recorded even after a failure, because the money has moved. */
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

/** The provider did not pay or did not answer, so a person must look into it. */
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

/** A person has asked for another try. */
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

/**
 * The key stays the same until the provider has said that it did not pay. So the provider pays only once, however often
 * it is asked.
 */
export function idempotencyKeyOf({ refundId, refusals }: Refund): string {
  return `${refundId}/${refusals}`;
}
