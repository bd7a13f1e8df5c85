import { changed, deferredOf, type Invoice } from './invoice.ts';

export interface ShippedLine {
  readonly lineId: string;
  readonly net: { readonly amountMinor: bigint; readonly currency: string };
}

export type Recognised =
  | { readonly ok: true; readonly invoice: Invoice; readonly revenue: bigint }
  | { readonly ok: false; readonly why: string };

/**
 * Turns deferred revenue into revenue. Orders splits the amounts, so that the parts of a line add up to its net amount.
 * An amount that was credited is no longer deferred and never becomes revenue, so less may be recognised than was
 * shipped.
 */
export function recognise(invoice: Invoice, shipped: readonly ShippedLine[]): Recognised {
  const byLine = new Map<string, bigint>();
  for (const { lineId, net } of shipped) {
    if (net.currency !== invoice.currency) return { ok: false, why: `it is in ${net.currency}` };
    if (net.amountMinor < 0n) return { ok: false, why: 'an amount is below zero' };
    byLine.set(lineId, (byLine.get(lineId) ?? 0n) + net.amountMinor);
  }
  const known = new Set(invoice.lines.map(({ lineId }) => lineId));
  const unknown = [...byLine.keys()].find((lineId) => !known.has(lineId));
  if (unknown !== undefined) return { ok: false, why: `the invoice has no line ${unknown}` };
  let revenue = 0n;
  const lines = invoice.lines.map((line) => {
    const wanted = byLine.get(line.lineId) ?? 0n;
    const deferred = deferredOf(line);
    const part = wanted < deferred ? wanted : deferred;
    revenue += part;
    return { ...line, recognised: line.recognised + part };
  });
  return { ok: true, invoice: changed(invoice, { lines }), revenue };
}
