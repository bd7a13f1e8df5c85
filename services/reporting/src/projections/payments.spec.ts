import { describe, expect, it } from 'vitest';
import { aMessage, DIGEST, eur, micros, minutesLater, ORDER, OTHER } from '../../test/messages.ts';
import { paymentRows, refundRows, type PaymentRow, type RefundRow } from './payments.ts';
import type { AnyMessage } from './projection.ts';

const about = { paymentId: OTHER, orderId: ORDER, provider: 'psp' };
const succeeded = (amount: bigint, orderId: string | null = ORDER) =>
  aMessage('PaymentSucceeded', {
    ...about,
    orderId,
    invoiceId: null,
    providerRef: 'ch_1',
    amount: eur(amount),
    succeededAt: micros(1),
  });
const unapplied = (amount: bigint) =>
  aMessage('PaymentUnapplied', { ...about, providerRef: 'ch_1', amount: eur(amount), recordedAt: micros(2) });
const failed = (final: boolean) =>
  aMessage('PaymentFailed', { ...about, reason: 'DECLINED', final, failedAt: micros(3) });

const after = (...messages: readonly AnyMessage[]) =>
  messages.reduce<PaymentRow | undefined>(paymentRows.fold, undefined);

describe('a payment', () => {
  it.each([
    [
      'SUCCEEDED when money came in',
      [succeeded(100n)],
      { state: 'SUCCEEDED', amount_minor: 100n, unapplied_minor: 0n },
    ],
    [
      'SUCCEEDED if some of it pays nothing',
      [succeeded(100n), unapplied(40n)],
      { state: 'SUCCEEDED', unapplied_minor: 40n },
    ],
    ['UNAPPLIED if it pays nothing', [succeeded(100n), unapplied(100n)], { state: 'UNAPPLIED', amount_minor: 100n }],
    ['FAILED after the last try', [failed(false), failed(true)], { state: 'FAILED', amount_minor: 0n }],
    ['PENDING after another try', [failed(false)], { state: 'PENDING', changed_at: minutesLater(3) }],
    ['SUCCEEDED if money came in after all', [failed(true), succeeded(100n)], { state: 'SUCCEEDED' }],
    [
      'SUCCEEDED whatever fails later',
      [succeeded(100n), failed(true)],
      { state: 'SUCCEEDED', changed_at: minutesLater(1) },
    ],
    ['of the order that was named once', [failed(false), succeeded(100n, null)], { order_id: ORDER }],
  ] as const)('is %s', (_, messages, row) => {
    expect(after(...messages)).toMatchObject(row);
  });
});

const refund = { paymentId: OTHER, refundId: OTHER, orderId: ORDER, amount: eur(50n) };
const requested = aMessage('RefundRequested', {
  ...refund,
  requesterId: 'finance-1',
  automatic: false,
  version: 1n,
  digest: DIGEST,
  requestedAt: micros(1),
});
const paidBack = aMessage('RefundSucceeded', { ...refund, providerRef: 're_1', succeededAt: micros(2) });
const notPaidBack = aMessage('RefundFailed', { ...refund, reason: 'no account', failedAt: micros(3) });
const refundAfter = (...messages: readonly AnyMessage[]) =>
  messages.reduce<RefundRow | undefined>(refundRows.fold, undefined);

describe('a refund', () => {
  it.each([
    ['REQUESTED at first', [], { state: 'REQUESTED', requester_id: 'finance-1', requested_at: minutesLater(1) }],
    ['SUCCEEDED when it was paid', [paidBack], { state: 'SUCCEEDED', changed_at: minutesLater(2) }],
    ['FAILED when it was not', [notPaidBack], { state: 'FAILED', changed_at: minutesLater(3) }],
    ['SUCCEEDED after another try', [notPaidBack, paidBack], { state: 'SUCCEEDED' }],
    ['SUCCEEDED for ever', [paidBack, notPaidBack], { state: 'SUCCEEDED' }],
    ['the same if it is requested twice', [paidBack, requested], { state: 'SUCCEEDED' }],
  ] as const)('is %s', (_, messages, row) => {
    expect(refundAfter(requested, ...messages)).toMatchObject(row);
  });

  it('does not begin with another event', () => {
    expect(refundAfter(notPaidBack, paidBack)).toBeUndefined();
  });
});
