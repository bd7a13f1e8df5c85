import { describe, expect, it } from 'vitest';
import { aMessage, DIGEST, eur, micros, NOW, ORDER, OTHER } from '../../test/messages.ts';
import { salesOf, summed } from './salesDaily.ts';

const totals = new Map([[ORDER, { order_id: ORDER, currency: 'JPY', total_minor: 70n }]]);
const placed = aMessage('OrderPlaced', {
  orderId: ORDER,
  customerId: OTHER,
  requesterId: 'ops-1',
  lines: [],
  total: eur(100n),
  digest: DIGEST,
  placedAt: micros(),
});
const cancelled = (orderId: string) =>
  aMessage('OrderCancelled', { orderId, orderVersion: 2n, reason: 'UNSPECIFIED' }, { time: NOW });
const refund = { paymentId: OTHER, refundId: OTHER, orderId: null, amount: eur(5n) };
const invoice = { orderId: ORDER, invoiceId: OTHER, number: '1', net: eur(0n), tax: eur(0n), total: eur(100n) };

describe('the sales of a day', () => {
  it.each([
    ['a placed order', placed, { orders_placed: 1n, placed_minor: 100n, currency: 'EUR', day: '2026-01-05' }],
    ['a cancelled order', cancelled(ORDER), { orders_cancelled: 1n, cancelled_minor: 70n, currency: 'JPY' }],
    ['its id in upper case', cancelled(ORDER.toUpperCase()), { orders_cancelled: 1n, cancelled_minor: 70n }],
    [
      'what left',
      aMessage('OrderShipmentRecorded', {
        orderId: ORDER,
        orderVersion: 3n,
        shipmentId: OTHER,
        lines: [],
        net: eur(30n),
        shippedAt: micros(-9.5 * 60 - 1),
      }),
      { revenue_minor: 30n, day: '2026-01-04' },
    ],
    [
      'an invoice',
      aMessage('InvoiceIssued', { ...invoice, terms: 'NET_30', dueDate: '2026-02-04', issuedAt: micros() }),
      { invoiced_minor: 100n },
    ],
    [
      'a credit note',
      aMessage('InvoiceCredited', { ...invoice, creditNoteId: OTHER, reason: 'REQUESTED', creditedAt: micros() }),
      { credited_minor: 100n },
    ],
    [
      'money that came in',
      aMessage('PaymentSucceeded', {
        ...refund,
        invoiceId: null,
        provider: 'psp',
        providerRef: '',
        succeededAt: micros(),
      }),
      { paid_minor: 5n },
    ],
    [
      'money that went back',
      aMessage('RefundSucceeded', { ...refund, providerRef: '', succeededAt: micros() }),
      { refunded_minor: 5n },
    ],
  ] as const)('grow by %s', (_, message, row) => {
    expect(salesOf(message, totals)).toMatchObject(row);
  });

  it('are not changed by the cancellation of an unknown order', () => {
    expect(salesOf(cancelled(OTHER), totals)).toBeUndefined();
  });

  it('grow by no more than Money allows', () => {
    const most = 2n ** 53n - 1n;
    const paid = (amountMinor: bigint) =>
      aMessage('RefundSucceeded', { ...refund, amount: eur(amountMinor), providerRef: '', succeededAt: micros() });
    expect(salesOf(paid(2n ** 63n - 1n), totals)).toMatchObject({ refunded_minor: most });
    expect(salesOf(paid(-(2n ** 63n)), totals)).toMatchObject({ refunded_minor: -most });
  });

  it('are one row per day and currency', () => {
    const rows = [placed, placed, cancelled(ORDER)].flatMap((message) => salesOf(message, totals) ?? []);
    expect(summed(rows)).toMatchObject([
      { currency: 'EUR', orders_placed: 2n, placed_minor: 200n, orders_cancelled: 0n },
      { currency: 'JPY', orders_placed: 0n, orders_cancelled: 1n },
    ]);
  });
});
