import type { CreditedLine } from './credit.ts';
import type { Invoice, InvoiceLine } from './invoice.ts';

/** The part of a line that somebody wants to credit; without an amount, all that is left of it. */
export interface WantedLine {
  readonly lineId: string;
  readonly net: { readonly amountMinor: bigint; readonly currency: string } | undefined;
}

export interface CreditProblem {
  readonly code: 'line-unknown' | 'line-named-twice' | 'currency-mismatch' | 'amount-over-line' | 'nothing-to-credit';
  /** The index of the wanted line, from 0. */
  readonly index: number;
  readonly detail: string;
}

export type Wanted =
  | { readonly ok: true; readonly lines: readonly CreditedLine[] }
  | { readonly ok: false; readonly problem: CreditProblem };

/** The net amounts that somebody wants to credit, with the tax that belongs to them. */
export function wantedCredit(invoice: Invoice, wanted: readonly WantedLine[]): Wanted {
  const lines: CreditedLine[] = [];
  for (const [index, { lineId, net }] of wanted.entries()) {
    const refused = (code: CreditProblem['code'], detail: string): Wanted => ({
      ok: false,
      problem: { code, index, detail },
    });
    const line = invoice.lines.find((one) => one.lineId === lineId);
    if (!line) return refused('line-unknown', `the invoice has no line ${lineId}`);
    if (lines.some((one) => one.lineId === lineId)) return refused('line-named-twice', `line ${lineId} is named twice`);
    if (net && net.currency !== invoice.currency)
      return refused('currency-mismatch', `the invoice is in ${invoice.currency}`);
    const left = line.net - line.creditedNet;
    const amount = net?.amountMinor ?? left;
    if (amount > left) return refused('amount-over-line', `${left} is left of line ${lineId}`);
    const part = { lineId, net: amount, tax: taxPart(line, amount) };
    if (part.net + part.tax === 0n) return refused('nothing-to-credit', `nothing is left of line ${lineId}`);
    lines.push(part);
  }
  return { ok: true, lines };
}

/**
 * The tax on a part of a line's net amount. It is proportional and rounded half up over all parts so far, so no part is
 * off by more than one minor unit. The last part takes the rest.
 */
function taxPart({ net, tax, creditedNet, creditedTax }: InvoiceLine, amount: bigint): bigint {
  const left = tax - creditedTax;
  const after = creditedNet + amount;
  if (after === net) return left;
  const due = (2n * tax * after + net) / (2n * net) - creditedTax;
  if (due < 0n) return 0n;
  return due < left ? due : left;
}
