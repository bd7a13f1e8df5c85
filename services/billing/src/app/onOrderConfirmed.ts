import type { OnOrderConfirmed } from '@atlas/generated-billing';
import { dateOfMicros } from '@atlas/runtime/time';
import { dayOf } from '../domain/calendar.ts';
import { netOf, stateOf, taxOf } from '../domain/invoice.ts';
import { issue } from '../domain/issue.ts';
import { issuing } from '../domain/postingRules.ts';
import type { Ports } from '../ports.ts';
import { collection } from './collect.ts';
import { invoiceIssued, invoicePaid } from './events.ts';
import { numberText, post, seriesOf } from './post.ts';

export const onOrderConfirmed =
  ({ invoices, payments, ledger, numbers, provider }: Ports): OnOrderConfirmed.Handler =>
  async ({ data, ctx }, tx): Promise<OnOrderConfirmed.Result> => {
    // the inbox finds copies of one event, and this finds a second event about the same order
    const known = await invoices.loadOfOrder(tx, data.orderId);
    if (known) return { events: [], noop: stateOf(known) };
    const issued = issue(data, ctx.newId(), ctx.now);
    if (!issued.ok) throw new Error(`order ${data.orderId} cannot be invoiced: ${issued.why}`);
    const entries = issuing({ net: netOf(issued.invoice), tax: taxOf(issued.invoice) });
    const journal =
      entries.length > 0
        ? await post(ledger, tx, ctx, {
            kind: 'INVOICE',
            reference: issued.invoice.invoiceId,
            effectiveDate: dayOf(dateOfMicros(data.confirmedAt)),
            currency: issued.invoice.currency,
            entries,
          })
        : undefined;
    // As late as possible, because all who issue an invoice wait for the one that has the last number.
    const series = seriesOf('INV', ctx.now);
    const invoice = { ...issued.invoice, number: numberText(series, await numbers.next(tx, series)) };
    await invoices.insert(tx, invoice);
    if (!journal) return { events: [invoiceIssued(invoice), invoicePaid(invoice, [], ctx.now)] };
    if (invoice.terms !== 'PREPAID' || !provider) return { events: [invoiceIssued(invoice), journal] };
    const { payment, effect } = collection(invoice, ctx.newId(), ctx.now);
    await payments.insert(tx, payment);
    return { events: [invoiceIssued(invoice), journal], effects: [effect] };
  };
