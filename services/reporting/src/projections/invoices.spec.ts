import { describe, expect, it } from 'vitest';
import { aMessage, eur, micros, minutesLater, ORDER, OTHER } from '../../test/messages.ts';
import { invoiceRows, type InvoiceRow } from './invoices.ts';
import type { AnyMessage } from './projection.ts';

const INVOICE = '0199f3a2-000a-7000-8000-000000000001';
const about = { orderId: ORDER, invoiceId: INVOICE };
const issued = (some: { readonly invoiceId?: string; readonly dueDate?: string } = {}) =>
  aMessage('InvoiceIssued', {
    ...about,
    number: 'INV-1',
    net: eur(1000n),
    tax: eur(190n),
    total: eur(1190n),
    terms: 'PREPAID',
    dueDate: '2026-02-04',
    issuedAt: micros(),
    ...some,
  });
const paid = (invoiceId = INVOICE) =>
  aMessage('InvoicePaid', { ...about, invoiceId, paymentIds: [], paidAt: micros(1) });
const failed = (final: boolean) =>
  aMessage('InvoicePaymentFailed', { ...about, final, reason: 'DECLINED', failedAt: micros(2) });
const credited = (total: bigint) =>
  aMessage('InvoiceCredited', {
    ...about,
    creditNoteId: OTHER,
    number: 'CN-1',
    net: eur(0n),
    tax: eur(0n),
    total: eur(total),
    reason: 'REQUESTED',
    creditedAt: micros(3),
  });

const after = (...messages: readonly AnyMessage[]) =>
  messages.reduce<InvoiceRow | undefined>(invoiceRows.fold, undefined);

describe('the invoice of an order', () => {
  it('begins with what was invoiced', () => {
    expect(after(issued())).toMatchObject({
      invoice_id: INVOICE,
      total_minor: 1190n,
      credited_minor: 0n,
      due_date: '2026-02-04',
      paid_at: null,
      failed_at: null,
    });
  });

  it.each([
    ['paid', [paid()], { paid_at: minutesLater(1) }],
    ['failed for now', [failed(false)], { failure: 'DECLINED', failure_final: false, failed_at: minutesLater(2) }],
    ['failed for good', [failed(false), failed(true)], { failure_final: true }],
    [
      'paid after a failure, which it keeps',
      [failed(false), paid()],
      { failure: 'DECLINED', paid_at: minutesLater(1) },
    ],
    ['credited by each credit note', [credited(90n), credited(100n)], { credited_minor: 190n }],
    [
      'not changed by a second one',
      [issued({ invoiceId: OTHER }), paid(OTHER)],
      { invoice_id: INVOICE, paid_at: null },
    ],
    ['found by its id in upper case', [paid(INVOICE.toUpperCase())], { paid_at: minutesLater(1) }],
  ] as const)('is %s', (_, messages, row) => {
    expect(after(issued(), ...messages)).toMatchObject(row);
  });

  it.each([
    ['+012345-01-01', '9999-12-31'],
    ['-000001-01-01', '0001-01-01'],
    ['0000-06-01', '0001-01-01'],
  ])('that is due on %s, which the database does not have, is due on %s', (dueDate, stored) => {
    expect(after(issued({ dueDate }))?.due_date).toBe(stored);
  });

  it('does not begin with another event', () => {
    expect(after(paid(), failed(true), credited(1n))).toBeUndefined();
  });
});
