import { changed, deferredOf, openOf, type Invoice, type InvoiceLine } from './invoice.ts';

export type CreditReason = 'ORDER_CANCELLED' | 'REMAINDER_CANCELLED' | 'REQUESTED';

/** How much of a line to take back. */
export interface CreditedLine {
  readonly lineId: string;
  readonly net: bigint;
  readonly tax: bigint;
}

/** A credit note, and its amounts for the books. */
export interface Credit {
  readonly invoice: Invoice;
  readonly lines: readonly CreditedLine[];
  readonly net: bigint;
  readonly tax: bigint;
  /** The amount that is taken back from deferred revenue, and the amount from revenue. */
  readonly deferred: bigint;
  readonly revenue: bigint;
  /** The part that was not paid yet, and the paid part, which becomes the customer's credit. */
  readonly ar: bigint;
  readonly unapplied: bigint;
}

/**
 * Credits lines of an invoice. The amounts must not exceed what is left of each line. Cancelled goods did not ship, so
 * their credit comes from deferred revenue first. A person credits goods that have left, so that credit comes from
 * revenue first.
 */
export function credit(invoice: Invoice, wanted: readonly CreditedLine[], reason: CreditReason): Credit {
  const byLine = new Map(wanted.map((line) => [line.lineId, line]));
  const open = openOf(invoice);
  let net = 0n;
  let tax = 0n;
  let revenue = 0n;
  const lines = invoice.lines.map((line): InvoiceLine => {
    const part = byLine.get(line.lineId);
    if (!part) return line;
    const fromRevenue = revenuePart(line, part.net, reason);
    net += part.net;
    tax += part.tax;
    revenue += fromRevenue;
    return {
      ...line,
      creditedNet: line.creditedNet + part.net,
      creditedTax: line.creditedTax + part.tax,
      creditedRevenue: line.creditedRevenue + fromRevenue,
    };
  });
  const total = net + tax;
  const unapplied = total > open ? total - open : 0n;
  return {
    invoice: changed(invoice, {
      lines,
      applied: invoice.applied - unapplied,
      orderCancelled: invoice.orderCancelled || reason === 'ORDER_CANCELLED',
    }),
    lines: wanted.filter((line) => line.net + line.tax > 0n),
    net,
    tax,
    deferred: net - revenue,
    revenue,
    ar: total - unapplied,
    unapplied,
  };
}

function revenuePart(line: InvoiceLine, net: bigint, reason: CreditReason): bigint {
  const deferred = deferredOf(line);
  const revenue = line.recognised - line.creditedRevenue;
  switch (reason) {
    case 'ORDER_CANCELLED':
    case 'REMAINDER_CANCELLED':
      return net > deferred ? net - deferred : 0n;
    case 'REQUESTED':
      return net < revenue ? net : revenue;
  }
}

/** All that is left of each line. */
export function everythingLeft({ lines }: Invoice): readonly CreditedLine[] {
  return lines
    .map(({ lineId, net, tax, creditedNet, creditedTax }) => ({
      lineId,
      net: net - creditedNet,
      tax: tax - creditedTax,
    }))
    .filter(({ net, tax }) => net + tax > 0n);
}

/** The cancelled amounts, limited to what is left, because somebody may have credited a part before. */
export function atMostLeft(invoice: Invoice, cancelled: readonly CreditedLine[]): readonly CreditedLine[] {
  const left = new Map(everythingLeft(invoice).map((line) => [line.lineId, line]));
  return cancelled.flatMap(({ lineId, net, tax }) => {
    const most = left.get(lineId);
    if (!most) return [];
    left.delete(lineId);
    const part = { lineId, net: net < most.net ? net : most.net, tax: tax < most.tax ? tax : most.tax };
    return part.net + part.tax > 0n ? [part] : [];
  });
}
