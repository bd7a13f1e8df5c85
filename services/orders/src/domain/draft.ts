import { exponentOf, notACurrency } from '@atlas/runtime/currency';
import { MAX_AMOUNT, netOf, sum, taxOn } from './money.ts';
import type { Draft, Line, Terms } from './order.ts';

export type NewLine = Omit<Line, 'net' | 'tax'>;
export type NewOrder = Omit<Terms, 'lines' | 'net' | 'tax' | 'total'> & { readonly lines: readonly NewLine[] };

export type DraftProblem = {
  readonly code: 'order-empty' | 'currency-unknown' | 'amount-too-large';
  readonly detail: string;
};
export type Drafted =
  | { readonly ok: true; readonly order: Draft }
  | { readonly ok: false; readonly problem: DraftProblem };

/**
 * Prices a new order. Each line is rounded once, and so is its tax. Totals are sums of rounded amounts, so that they
 * add up on paper.
 */
export function draft(wanted: NewOrder): Drafted {
  if (wanted.lines.length === 0) return refused('order-empty', 'an order has at least one line');
  const exponent = exponentOf(wanted.currency);
  if (exponent === undefined) return refused('currency-unknown', notACurrency(wanted.currency));

  const lines = wanted.lines.map((line): Line => {
    const net = netOf(line.qty, line.unitPrice, exponent);
    return { ...line, net, tax: taxOn(net, wanted.taxRateBasisPoints) };
  });
  const net = sum(lines.map((line) => line.net));
  const tax = sum(lines.map((line) => line.tax));
  const total = net + tax;
  if (total > MAX_AMOUNT) return refused('amount-too-large', `the total would be above ${MAX_AMOUNT} minor units`);
  const terms = { ...wanted, lines, net, tax, total };
  return { ok: true, order: { state: 'DRAFT', version: 1n, since: wanted.createdAt, terms } };
}

/** The changes of a draft. Absent members stay as they are. */
export type DraftChange = Partial<
  Pick<NewOrder, 'customerId' | 'currency' | 'taxRateBasisPoints' | 'payment' | 'lines'>
>;

/**
 * Prices a draft again. The person who changes it becomes its requester, because nobody may approve what they wrote
 * themselves.
 */
export function redraft(order: Draft, change: DraftChange, requesterId: string): Drafted {
  const drafted = draft({ ...order.terms, ...change, requesterId });
  if (!drafted.ok) return drafted;
  return { ok: true, order: { ...drafted.order, version: order.version + 1n } };
}

function refused(code: DraftProblem['code'], detail: string): Drafted {
  return { ok: false, problem: { code, detail } };
}
