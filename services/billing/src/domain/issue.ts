import type { Invoice, InvoiceLine } from './invoice.ts';

const DAY_MS = 86_400_000;
/** How many days a customer has to pay. */
const DAYS = { PREPAID: 0, NET_30: 30 } as const;
const MAX_AMOUNT = 2n ** 53n - 1n;

interface Amount {
  readonly amountMinor: bigint;
  readonly currency: string;
}

/** The data of a confirmed order. */
export interface ConfirmedOrder {
  readonly orderId: string;
  readonly customerId: string;
  readonly lines: readonly {
    readonly lineId: string;
    readonly sku: string;
    readonly qty: bigint;
    readonly net: Amount;
    readonly tax: Amount;
  }[];
  readonly net: Amount;
  readonly tax: Amount;
  readonly total: Amount;
  readonly terms: string;
}

export type Issued =
  | { readonly ok: true; readonly invoice: Omit<Invoice, 'number'> }
  | { readonly ok: false; readonly why: string };

/** The invoice of an order. Refused if the order does not add up, because it could not be posted. */
export function issue(order: ConfirmedOrder, invoiceId: string, issuedAt: Date): Issued {
  const { currency } = order.total;
  const { terms } = order;
  if (terms !== 'PREPAID' && terms !== 'NET_30') return { ok: false, why: `the terms ${terms} are unknown here` };
  const amounts = [order.net, order.tax, ...order.lines.flatMap(({ net, tax }) => [net, tax])];
  if (amounts.some((amount) => amount.currency !== currency)) return { ok: false, why: 'it has several currencies' };
  if (amounts.some(({ amountMinor }) => amountMinor < 0n)) return { ok: false, why: 'an amount is below zero' };
  const net = sum(order.lines.map((line) => line.net));
  const tax = sum(order.lines.map((line) => line.tax));
  if (net !== order.net.amountMinor || tax !== order.tax.amountMinor || net + tax !== order.total.amountMinor)
    return { ok: false, why: 'its lines do not add up to its total' };
  if (net + tax > MAX_AMOUNT) return { ok: false, why: 'its total is too large' };
  if (new Set(order.lines.map(({ lineId }) => lineId)).size < order.lines.length || order.lines.length === 0)
    return { ok: false, why: 'it has no lines, or one of them twice' };
  return {
    ok: true,
    invoice: {
      invoiceId,
      orderId: order.orderId,
      customerId: order.customerId,
      version: 1n,
      currency,
      lines: order.lines.map(({ lineId, sku, qty, net, tax }): InvoiceLine => ({
        lineId,
        sku,
        qty,
        net: net.amountMinor,
        tax: tax.amountMinor,
        creditedNet: 0n,
        creditedTax: 0n,
        creditedRevenue: 0n,
        recognised: 0n,
      })),
      applied: 0n,
      terms,
      dueDate: new Date(issuedAt.getTime() + DAYS[terms] * DAY_MS).toISOString().slice(0, 10),
      issuedAt,
      collectionFailed: false,
      orderCancelled: false,
    },
  };
}

function sum(amounts: readonly Amount[]): bigint {
  return amounts.reduce((total, { amountMinor }) => total + amountMinor, 0n);
}
