import type { OnOrderFulfilled } from '@atlas/generated-billing';
import { dateOfMicros } from '@atlas/runtime/time';
import { dayOf } from '../domain/calendar.ts';
import { atMostLeft } from '../domain/credit.ts';
import { stateOf } from '../domain/invoice.ts';
import { SAGA } from '../domain/refund.ts';
import type { Ports } from '../ports.ts';
import { creditInvoice } from './creditInvoice.ts';
import { invoiceOf } from './invoiceOf.ts';
import { refundAutomatically } from './refundAutomatically.ts';

export const onOrderFulfilled =
  (ports: Ports): OnOrderFulfilled.Handler =>
  async ({ data, ctx }, tx): Promise<OnOrderFulfilled.Result> => {
    const invoice = await invoiceOf(ports.invoices, tx, data.orderId);
    const cancelled = data.cancelledLines.map(({ lineId, net, tax }) => {
      if (net.currency !== invoice.currency || tax.currency !== invoice.currency)
        throw new Error(`order ${data.orderId} was invoiced in ${invoice.currency}, not in ${net.currency}`);
      return { lineId, net: net.amountMinor, tax: tax.amountMinor };
    });
    const lines = atMostLeft(invoice, cancelled);
    if (lines.length === 0) return { events: [], noop: stateOf(invoice) };
    const credited = await creditInvoice(ports, tx, ctx, invoice, {
      lines,
      reason: 'REMAINDER_CANCELLED',
      note: undefined,
      requestedBy: SAGA,
      effectiveDate: dayOf(dateOfMicros(data.fulfilledAt)),
    });
    const due = credited.payments.map((payment) => ({ payment, amount: credited.freed.get(payment.paymentId) ?? 0n }));
    const refunding = await refundAutomatically(ports, tx, ctx, due);
    const refunds = refunding.map(({ event }) => event);
    return {
      events: [credited.credited, ...credited.paid, credited.journal, ...refunds],
      effects: [...credited.effects, ...refunding.flatMap(({ effects }) => effects)],
    };
  };
