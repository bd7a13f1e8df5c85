import type { OnOrderCancelled } from '@atlas/generated-billing';
import { dayOf } from '../domain/calendar.ts';
import { everythingLeft } from '../domain/credit.ts';
import { changed, stateOf } from '../domain/invoice.ts';
import { creditOf, type Payment } from '../domain/payment.ts';
import { SAGA } from '../domain/refund.ts';
import type { Ports } from '../ports.ts';
import { withdrawIfSettled } from './collect.ts';
import { creditInvoice } from './creditInvoice.ts';
import { refundAutomatically } from './refundAutomatically.ts';

export const onOrderCancelled =
  (ports: Ports): OnOrderCancelled.Handler =>
  async ({ data, meta, ctx }, tx): Promise<OnOrderCancelled.Result> => {
    const invoice = await ports.invoices.loadOfOrder(tx, data.orderId);
    if (!invoice) return { events: [], noop: 'NOT_INVOICED' };
    if (invoice.orderCancelled) return { events: [], noop: stateOf(invoice) };
    const lines = everythingLeft(invoice);
    if (lines.length === 0) {
      const cancelled = changed(invoice, { orderCancelled: true });
      await ports.invoices.save(tx, cancelled);
      const paid = await ports.payments.ofInvoice(tx, invoice.invoiceId);
      const withdrawals = await withdrawIfSettled(ports.payments, tx, cancelled, paid);
      const refunding = await refundAutomatically(ports, tx, ctx, all(paid));
      return {
        events: refunding.map(({ event }) => event),
        effects: [...withdrawals, ...refunding.flatMap(({ effects }) => effects)],
      };
    }
    const credited = await creditInvoice(ports, tx, ctx, invoice, {
      lines,
      reason: 'ORDER_CANCELLED',
      note: undefined,
      requestedBy: SAGA,
      effectiveDate: dayOf(meta.time),
    });
    const refunding = await refundAutomatically(ports, tx, ctx, all(credited.payments));
    return {
      events: [credited.credited, credited.journal, ...refunding.map(({ event }) => event)],
      effects: [...credited.effects, ...refunding.flatMap(({ effects }) => effects)],
    };
  };

/** All money that came in and is not on its way back. */
function all(payments: readonly Payment[]) {
  return payments.map((payment) => ({ payment, amount: creditOf(payment) }));
}
