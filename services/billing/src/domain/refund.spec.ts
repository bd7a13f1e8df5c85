import { describe, expect, it } from 'vitest';
import { aPayment, aRefund, NOW } from '../../test/samples.ts';
import { approve, askRefund, fail, idempotencyKeyOf, reject, retry, succeed, type RefundState } from './refund.ts';

const NOTHING = undefined;
const about = { subjectVersion: 1n, digest: 'd' };

describe('the state table of refunds', () => {
  it.each<[RefundState, ...(readonly (string | undefined)[])]>([
    // state, approved, rejected, succeeded, failed, retried
    ['PENDING_APPROVAL', 'SUBMITTED', 'REJECTED', NOTHING, NOTHING, NOTHING],
    ['SUBMITTED', NOTHING, NOTHING, 'SUCCEEDED', 'FAILED', NOTHING],
    ['SUCCEEDED', NOTHING, NOTHING, NOTHING, NOTHING, NOTHING],
    ['FAILED', NOTHING, NOTHING, 'SUCCEEDED', NOTHING, 'SUBMITTED'],
    ['REJECTED', NOTHING, NOTHING, NOTHING, NOTHING, NOTHING],
  ])('%s', (state, ...expected) => {
    const refund = aRefund({ state });
    const after = [
      approve(refund, about),
      reject(refund, about),
      succeed(refund, 're_1'),
      fail(refund, 'account-closed', { unclear: false }),
      retry(refund),
    ];
    expect(after.map((one) => one?.state)).toEqual(expected);
    expect(after.every((one) => one === undefined || one.version === 2n)).toBe(true);
  });

  it.each([
    ['version', { ...about, subjectVersion: 2n }],
    ['digest', { ...about, digest: 'e' }],
  ])('is not changed by a decision about another %s', (_what, decision) => {
    expect(approve(aRefund(), decision)).toBeUndefined();
    expect(reject(aRefund(), decision)).toBeUndefined();
  });
});

describe('the idempotency key of a refund', () => {
  it('stays the same until the provider says that it has not paid', () => {
    const submitted = aRefund({ state: 'SUBMITTED' });
    const unclear = fail(submitted, 'no answer', { unclear: true }) ?? submitted;
    expect(idempotencyKeyOf(unclear)).toBe(idempotencyKeyOf(submitted));
    const refused = fail(unclear, 'account-closed', { unclear: false });
    expect(refused).toMatchObject({ state: 'FAILED', unclear: false, refusals: 1 });
    expect(idempotencyKeyOf(refused ?? submitted)).not.toBe(idempotencyKeyOf(submitted));
  });
});

describe('asking for a refund', () => {
  const wish = { refundId: 'r', automatic: false, requesterId: 'f', note: undefined, requestedAt: NOW };
  const payment = aPayment({ state: 'SUCCEEDED', captured: 1000n, applied: 400n, refunded: 100n });

  it.each([
    [500n, 600n],
    [1n, 101n],
    [501n, undefined],
    [0n, undefined],
  ])('of %i leaves %i as refunded', (amount, refunded) => {
    expect(askRefund(payment, { ...wish, amount }, () => 'd')?.payment.refunded).toBe(refunded);
  });

  it('has a digest that covers everything that is approved', () => {
    const digest = (change: object) =>
      askRefund(payment, { ...wish, amount: 1n, ...change }, (text) => text)?.refund.digest;
    const digests = [{}, { amount: 2n }, { refundId: 's' }, { requesterId: 'g' }].map(digest);
    expect(new Set(digests).size).toBe(4);
  });
});
