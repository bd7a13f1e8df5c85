import type { OnOrderShipmentRecorded } from '@atlas/generated-billing';
import { dateOfMicros } from '@atlas/runtime/time';
import { dayOf } from '../domain/calendar.ts';
import { stateOf } from '../domain/invoice.ts';
import { shipping } from '../domain/postingRules.ts';
import { recognise } from '../domain/recognise.ts';
import type { Ports } from '../ports.ts';
import { invoiceOf } from './invoiceOf.ts';
import { post } from './post.ts';

export const onOrderShipmentRecorded =
  ({ invoices, ledger }: Pick<Ports, 'invoices' | 'ledger'>): OnOrderShipmentRecorded.Handler =>
  async ({ data, ctx }, tx): Promise<OnOrderShipmentRecorded.Result> => {
    const invoice = await invoiceOf(invoices, tx, data.orderId);
    const posting = { kind: 'SHIPMENT', reference: data.shipmentId } as const;
    if (await ledger.has(tx, posting.kind, posting.reference)) return { events: [], noop: 'RECOGNISED' };
    const recognised = recognise(invoice, data.lines);
    if (!recognised.ok)
      throw new Error(`shipment ${data.shipmentId} does not fit invoice ${invoice.number}: ${recognised.why}`);
    const { revenue } = recognised;
    if (revenue === 0n) return { events: [], noop: stateOf(invoice) };
    await invoices.save(tx, recognised.invoice);
    const journal = await post(ledger, tx, ctx, {
      ...posting,
      effectiveDate: dayOf(dateOfMicros(data.shippedAt)),
      currency: invoice.currency,
      entries: shipping(revenue),
    });
    return { events: [journal] };
  };
