import { describe, expect, it } from 'vitest';
import { NOW, aLevel, aPendingAdjustment, someTerms } from '../../test/samples.ts';
import { canonicalAdjustment, grant, refuse, requestAdjustment, type Adjustment } from './adjustment.ts';
import { MAX_QUANTITY } from './stock.ts';

const level = aLevel({ reserved: 5n });
const pending = aPendingAdjustment();
const approved = { subjectVersion: pending.version, digest: pending.digest };
const made = { newId: () => 'movement-1', now: NOW };
const posted: Adjustment = { ...pending, state: 'POSTED', version: 2n, decidedAt: NOW };
const rejected: Adjustment = {
  ...pending,
  state: 'REJECTED',
  version: 2n,
  rejection: 'APPROVAL_REJECTED',
  decidedAt: NOW,
};
const nothing = (noop: string) => ({ done: 'NOTHING', noop });

describe('a request for an adjustment', () => {
  const ask = (change: Parameters<typeof someTerms>[0], on = level) =>
    requestAdjustment(on, someTerms(change), pending.digest);

  it('waits for an approval at version 1', () => {
    expect(ask({})).toEqual({ ok: true, adjustment: pending });
    expect(ask({ delta: -5n })).toMatchObject({ ok: true });
    expect(ask({ delta: 7n })).toMatchObject({ ok: true });
  });

  it.each([
    ['other stock is on hand than it expects', { expectedOnHand: 9n }, 409, 'stock-changed'],
    ['less would be on hand than is held for orders', { delta: -6n }, 409, 'below-reserved'],
    ['less than nothing would be on hand', { delta: -11n }, 409, 'below-reserved'],
    ['it changes nothing', { delta: 0n }, 422, 'delta-zero'],
    ['more would be on hand than can be counted', { delta: MAX_QUANTITY }, 422, 'stock-too-large'],
  ])('is refused if %s', (_what, change, status, code) => {
    expect(ask(change)).toMatchObject({ ok: false, status, problem: { code } });
  });
});

describe('the text from which the digest of an adjustment is made', () => {
  it.each([
    ['id', { adjustmentId: 'other' }],
    ['item', { sku: 'NUT' }],
    ['warehouse', { warehouseId: 'wh-b' }],
    ['stock on hand', { expectedOnHand: 11n }],
    ['change', { delta: 3n }],
    ['reason', { reason: 'Other' }],
    ['requester', { requesterId: 'ops-2' }],
  ])('differs for another %s', (_what, change) => {
    expect(canonicalAdjustment(someTerms(change))).not.toBe(canonicalAdjustment(someTerms()));
  });
});

describe('ApprovalGranted in the state', () => {
  it('PENDING_APPROVAL gives POSTED and one movement, and what is reserved stays', () => {
    expect(grant(pending, approved, level, made)).toEqual({
      done: 'POSTED',
      adjustment: posted,
      movement: {
        movementId: 'movement-1',
        sku: 'BOLT',
        warehouseId: 'wh-a',
        kind: 'ADJUSTMENT',
        sourceId: pending.terms.adjustmentId,
        delta: -3n,
        onHandAfter: 7n,
        reservedAfter: 5n,
        recordedAt: NOW,
      },
    });
  });

  it.each([
    ['STOCK_CHANGED', 'the stock on hand is another one', { onHand: 11n }],
    ['BELOW_RESERVED', 'more is held for orders since', { reserved: 8n }],
  ])('PENDING_APPROVAL gives REJECTED with %s if %s', (rejection, _what, change) => {
    expect(grant(pending, approved, aLevel(change), made)).toEqual({
      done: 'REJECTED',
      adjustment: { ...rejected, rejection },
    });
  });

  it.each([
    ['version', { ...approved, subjectVersion: 2n }],
    ['digest', { ...approved, digest: 'b'.repeat(64) }],
  ])('PENDING_APPROVAL stays if the approval names another %s', (_what, other) => {
    expect(grant(pending, other, level, made)).toEqual(nothing('OTHER_VERSION'));
  });

  it.each([posted, rejected])('$state stays', (adjustment) => {
    expect(grant(adjustment, approved, level, made)).toEqual(nothing(adjustment.state));
  });
});

describe.each(['APPROVAL_REJECTED', 'APPROVAL_EXPIRED'] as const)('%s in the state', (why) => {
  it('PENDING_APPROVAL gives REJECTED with that reason', () => {
    expect(refuse(pending, approved, why, NOW)).toEqual({
      done: 'REJECTED',
      adjustment: { ...rejected, rejection: why },
    });
  });

  it('PENDING_APPROVAL stays if it was about another version or digest', () => {
    const other = nothing('OTHER_VERSION');
    expect(refuse(pending, { ...approved, subjectVersion: 2n }, why, NOW)).toEqual(other);
    expect(refuse(pending, { ...approved, digest: 'b'.repeat(64) }, why, NOW)).toEqual(other);
  });

  it.each([posted, rejected])('$state stays', (adjustment) => {
    expect(refuse(adjustment, approved, why, NOW)).toEqual(nothing(adjustment.state));
  });
});
