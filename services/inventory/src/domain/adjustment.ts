import { movementOf, tooLarge, type TooLarge } from './movements.ts';
import type { Movement, StockLevel, StockPlace } from './stock.ts';

/** The terms of an adjustment: somebody has counted a stock that differs from the recorded one. */
export interface AdjustmentTerms extends StockPlace {
  readonly adjustmentId: string;
  /** The recorded stock on hand, as the requester saw it. */
  readonly expectedOnHand: bigint;
  /** The change; below zero to take stock away. Not zero. */
  readonly delta: bigint;
  readonly reason: string;
  readonly requesterId: string;
  readonly requestedAt: Date;
}

interface InState<State extends string> {
  readonly state: State;
  readonly terms: AdjustmentTerms;
  /** SHA-256 of `canonicalAdjustment`, 64 hex digits. An approval names it. */
  readonly digest: string;
  /** 1 for a new adjustment, and one more for each committed change. An approval names it. */
  readonly version: bigint;
}

export type PendingAdjustment = InState<'PENDING_APPROVAL'>;
export interface PostedAdjustment extends InState<'POSTED'> {
  readonly decidedAt: Date;
}
export interface RejectedAdjustment extends InState<'REJECTED'> {
  readonly rejection: Rejection;
  readonly decidedAt: Date;
}
export type Adjustment = PendingAdjustment | PostedAdjustment | RejectedAdjustment;

export type Rejection = 'APPROVAL_REJECTED' | 'APPROVAL_EXPIRED' | 'STOCK_CHANGED' | 'BELOW_RESERVED';

type Requested =
  | { readonly ok: true; readonly adjustment: PendingAdjustment }
  | { readonly ok: false; readonly status: 409; readonly problem: Problem<'stock-changed' | 'below-reserved'> }
  | { readonly ok: false; readonly status: 422; readonly problem: Problem<'delta-zero'> | TooLarge };

interface Problem<Code extends string> {
  readonly code: Code;
  readonly detail: string;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
}

/**
 * The terms as one text, the same on every machine. Its SHA-256 is the digest that an approval names. The text begins
 * with the version of its form, because a change of the form changes every digest.
 */
export function canonicalAdjustment(terms: AdjustmentTerms): string {
  return JSON.stringify([
    'adjustment/1',
    terms.adjustmentId,
    terms.sku,
    terms.warehouseId,
    String(terms.expectedOnHand),
    String(terms.delta),
    terms.reason,
    terms.requesterId,
  ]);
}

/**
 * requestAdjustment. A request that could not be posted now is refused at once, because nobody should have to decide
 * about it.
 */
export function requestAdjustment(level: StockLevel, terms: AdjustmentTerms, digest: string): Requested {
  if (terms.delta === 0n) {
    const detail = 'an adjustment by zero changes nothing';
    return { ok: false, status: 422, problem: { code: 'delta-zero', detail, errors: [{ pointer: '/delta', detail }] } };
  }
  switch (obstacle(level, terms)) {
    case 'STOCK_CHANGED': {
      const detail = `${level.onHand} are on hand, not ${terms.expectedOnHand}: read the level again`;
      return { ok: false, status: 409, problem: { code: 'stock-changed', detail } };
    }
    case 'BELOW_RESERVED': {
      const detail = `${level.reserved} are held for orders, so that no fewer can be on hand`;
      return { ok: false, status: 409, problem: { code: 'below-reserved', detail } };
    }
    case undefined:
  }
  const problem = tooLarge(level.onHand + terms.delta);
  if (problem) return { ok: false, status: 422, problem };
  return { ok: true, adjustment: { state: 'PENDING_APPROVAL', terms, digest, version: 1n } };
}

/** What an approval is about, besides the adjustment's id. */
export interface Approved {
  readonly subjectVersion: bigint;
  readonly digest: string;
}

type Nothing = { readonly done: 'NOTHING'; readonly noop: string };
type Refused = { readonly done: 'REJECTED'; readonly adjustment: RejectedAdjustment };
type Granted =
  | { readonly done: 'POSTED'; readonly adjustment: PostedAdjustment; readonly movement: Movement }
  | Refused
  | Nothing;

/** ApprovalGranted. If the stock has changed since the request, the adjustment is rejected. */
export function grant(
  adjustment: Adjustment,
  approved: Approved,
  level: StockLevel,
  { newId, now }: { readonly newId: () => string; readonly now: Date },
): Granted {
  const pending = decidable(adjustment, approved);
  if ('noop' in pending) return pending;
  const rejection = obstacle(level, pending.terms);
  if (rejection) return { done: 'REJECTED', adjustment: rejected(pending, rejection, now) };
  const { adjustmentId, delta } = pending.terms;
  return {
    done: 'POSTED',
    adjustment: { ...pending, state: 'POSTED', version: pending.version + 1n, decidedAt: now },
    movement: movementOf(level, { delta, reserved: 0n }, { kind: 'ADJUSTMENT', sourceId: adjustmentId, newId, now }),
  };
}

/** ApprovalRejected and ApprovalExpired. */
export function refuse(
  adjustment: Adjustment,
  approved: Approved,
  rejection: 'APPROVAL_REJECTED' | 'APPROVAL_EXPIRED',
  now: Date,
): Refused | Nothing {
  const pending = decidable(adjustment, approved);
  if ('noop' in pending) return pending;
  return { done: 'REJECTED', adjustment: rejected(pending, rejection, now) };
}

/** The adjustment, if it waits for this decision. Otherwise the no-op of the state table. */
function decidable(adjustment: Adjustment, { subjectVersion, digest }: Approved): PendingAdjustment | Nothing {
  switch (adjustment.state) {
    case 'PENDING_APPROVAL': {
      const same = subjectVersion === adjustment.version && digest === adjustment.digest;
      return same ? adjustment : { done: 'NOTHING', noop: 'OTHER_VERSION' };
    }
    case 'POSTED':
    case 'REJECTED':
      return { done: 'NOTHING', noop: adjustment.state };
  }
}

function rejected(pending: PendingAdjustment, rejection: Rejection, decidedAt: Date): RejectedAdjustment {
  return { ...pending, state: 'REJECTED', version: pending.version + 1n, rejection, decidedAt };
}

function obstacle(level: StockLevel, { expectedOnHand, delta }: AdjustmentTerms) {
  if (level.onHand !== expectedOnHand) return 'STOCK_CHANGED';
  return level.onHand + delta < level.reserved ? 'BELOW_RESERVED' : undefined;
}
