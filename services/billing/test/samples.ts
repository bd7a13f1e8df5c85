import type { Invoice } from '../src/domain/invoice.ts';
import type { Payment } from '../src/domain/payment.ts';
import type { Refund } from '../src/domain/refund.ts';
import type { IntentSays } from '../src/domain/says.ts';

export const NOW = new Date('2026-11-24T09:30:00.000Z');
const ID = '0199f3a2-6f0a-7c51-9b61-2f1d5a0c9e11';

/** An invoice with a line for each pair of net and tax. */
export function anInvoice(
  lines: readonly (readonly [net: bigint, tax: bigint])[] = [[1000n, 190n]],
  change: Partial<Invoice> = {},
): Invoice {
  return {
    invoiceId: ID,
    orderId: ID,
    customerId: ID,
    number: 'INV-2026-000001',
    version: 1n,
    currency: 'EUR',
    lines: lines.map(([net, tax], index) => ({
      lineId: `line-${index}`,
      sku: 'BOLT',
      qty: 10n,
      net,
      tax,
      creditedNet: 0n,
      creditedTax: 0n,
      creditedRevenue: 0n,
      recognised: 0n,
    })),
    applied: 0n,
    terms: 'PREPAID',
    dueDate: '2026-11-24',
    issuedAt: NOW,
    collectionFailed: false,
    orderCancelled: false,
    ...change,
  };
}

export function aPayment(change: Partial<Payment> = {}): Payment {
  return {
    paymentId: ID,
    version: 1n,
    provider: 'psp',
    providerRef: undefined,
    invoiceId: ID,
    orderId: ID,
    state: 'PENDING',
    currency: 'EUR',
    amount: 1190n,
    captured: 0n,
    applied: 0n,
    refunded: 0n,
    createdAt: NOW,
    ...change,
  };
}

export function aRefund(change: Partial<Refund> = {}): Refund {
  return {
    refundId: ID,
    version: 1n,
    paymentId: ID,
    state: 'PENDING_APPROVAL',
    currency: 'EUR',
    amount: 500n,
    automatic: false,
    requesterId: 'finance-1',
    note: undefined,
    digest: 'd',
    providerRef: undefined,
    failure: undefined,
    refusals: 0,
    unclear: false,
    requestedAt: NOW,
    ...change,
  };
}

export function anIntent(change: Partial<IntentSays> = {}): IntentSays {
  return {
    providerRef: 'pi_1',
    status: 'AWAITING',
    amount: { amountMinor: 1190n, currency: 'EUR' },
    reference: ID,
    failure: null,
    saidAt: 0n,
    ...change,
  };
}
