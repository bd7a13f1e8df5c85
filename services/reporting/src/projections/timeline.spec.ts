import { describe, expect, it } from 'vitest';
import { aMessage, DIGEST, eur, micros, NOW, ORDER, OTHER } from '../../test/messages.ts';
import { entryOf, subjectOf } from './timeline.ts';

const succeeded = (orderId: string | null, amount = 100n) =>
  aMessage(
    'PaymentSucceeded',
    {
      paymentId: OTHER,
      orderId,
      invoiceId: null,
      provider: 'psp',
      providerRef: '',
      amount: eur(amount),
      succeededAt: 1n,
    },
    { id: 'e-1', topic: 'test.atlas.billing.payment.v1', actorId: 'ops-1', causationId: 'e-0', sequence: 4n },
  );
const refunded = (orderId: string | null) =>
  aMessage('RefundFailed', { paymentId: OTHER, refundId: OTHER, orderId, amount: eur(1n), reason: '', failedAt: 1n });
const expired = (subjectType: 'UNSPECIFIED' | 'ORDER' | 'REFUND' | 'ADJUSTMENT' | 'JOURNAL') =>
  aMessage('ApprovalExpired', {
    approvalId: OTHER,
    subjectType,
    subjectId: ORDER,
    subjectVersion: 1n,
    digest: DIGEST,
    expiredAt: micros(),
  });
const item = aMessage('ItemChanged', { sku: 'A', name: 'A', baseUnit: 'piece', version: 1n, changedAt: micros() });

describe('the subject of an event', () => {
  it.each([
    ['the order that it names', succeeded(ORDER), ORDER],
    ['the payment without an order', succeeded(null), OTHER],
    ['the order of a refund', refunded(ORDER), ORDER],
    ['the refund without an order', refunded(null), OTHER],
    ['the order that is to be approved', expired('ORDER'), ORDER],
    ['the refund that is to be approved', expired('REFUND'), ORDER],
    ['none for a correction of stock', expired('ADJUSTMENT'), undefined],
    ['none for a journal', expired('JOURNAL'), undefined],
    ['none for a subject that this release does not know', expired('UNSPECIFIED'), undefined],
    ['none for an item', item, undefined],
  ] as const)('is %s', (_, message, subject) => {
    expect(subjectOf(message)).toBe(subject);
  });
});

describe('an entry of a timeline', () => {
  it("has the event's metadata, and the topic without its namespace", () => {
    expect(entryOf(succeeded(ORDER))).toMatchObject({
      event_id: 'e-1',
      topic: 'atlas.billing.payment.v1',
      type: 'PaymentSucceeded',
      sequence: 4n,
      occurred_at: NOW,
      actor_id: 'ops-1',
      causation_id: 'e-0',
    });
  });

  it.each([
    [2n ** 53n - 1n, 9_007_199_254_740_991],
    [2n ** 53n, '9007199254740992'],
    [-(2n ** 63n), '-9223372036854775808'],
  ])('has %s in its payload exactly', (amount, json) => {
    const data: unknown = JSON.parse(entryOf(succeeded(ORDER, amount))?.data ?? '');
    expect(data).toMatchObject({ amount: { amountMinor: json, currency: 'EUR' } });
  });

  it('is not made from an event without a subject', () => {
    expect(entryOf(item)).toBeUndefined();
  });
});
