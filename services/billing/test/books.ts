import { atMostLeft, credit, everythingLeft, type Credit, type CreditReason } from '../src/domain/credit.ts';
import { deferredOf, netOf, openOf, taxOf, type Invoice } from '../src/domain/invoice.ts';
import { difference, type Account, type Entry } from '../src/domain/ledger.ts';
import { capture, creditOf, unapply, type Payment } from '../src/domain/payment.ts';
import { crediting, issuing, paying, refunding, shipping } from '../src/domain/postingRules.ts';
import { recognise } from '../src/domain/recognise.ts';
import { askRefund } from '../src/domain/refund.ts';
import { wantedCredit } from '../src/domain/wantedCredit.ts';
import { anInvoice, aPayment, NOW } from './samples.ts';

/** One customer, one invoice, and everything that can happen to them, in any sequence. */
export class Books {
  invoice: Invoice;
  payments: readonly Payment[] = [];
  readonly #refunds: bigint[] = [];
  readonly #balances = new Map<Account, bigint>();
  readonly #wrong: string[] = [];
  readonly #lines: readonly bigint[];
  readonly #shipped: bigint[];

  constructor(lines: readonly (readonly [bigint, bigint])[]) {
    this.invoice = anInvoice(lines);
    this.#lines = lines.map(([net]) => net);
    this.#shipped = lines.map(() => 0n);
    this.#post(issuing({ net: netOf(this.invoice), tax: taxOf(this.invoice) }));
  }

  #post(entries: readonly Entry[]): void {
    if (difference(entries) !== 0n) this.#wrong.push(`a journal is off by ${difference(entries)}`);
    for (const { account, side, amount } of entries)
      this.#balances.set(account, (this.#balances.get(account) ?? 0n) + (side === 'DEBIT' ? amount : -amount));
  }

  pay(amount: bigint): void {
    const { payment, invoice, unapplied } = capture(
      aPayment({ paymentId: `p${this.payments.length}` }),
      this.invoice,
      amount,
    );
    this.payments = [...this.payments, payment];
    if (invoice) this.invoice = invoice;
    this.#post(paying({ provider: 'psp', applied: payment.applied, unapplied }));
  }

  ship(index: number, percent: bigint): void {
    const line = index % this.#lines.length;
    const left = (this.#lines[line] ?? 0n) - (this.#shipped[line] ?? 0n);
    const part = (left * percent) / 100n;
    this.#shipped[line] = (this.#shipped[line] ?? 0n) + part;
    const lines = [{ lineId: `line-${line}`, net: { amountMinor: part, currency: 'EUR' } }];
    const recognised = recognise(this.invoice, lines);
    if (!recognised.ok) throw new Error(recognised.why);
    this.invoice = recognised.invoice;
    this.#post(shipping(recognised.revenue));
  }

  creditSome(index: number, net: bigint): void {
    const lineId = `line-${index % this.#lines.length}`;
    const wanted = wantedCredit(this.invoice, [{ lineId, net: { amountMinor: net, currency: 'EUR' } }]);
    if (wanted.ok) this.#take(credit(this.invoice, wanted.lines, 'REQUESTED'));
  }

  creditRest(reason: CreditReason): void {
    const left = everythingLeft(this.invoice);
    const lines = reason === 'REMAINDER_CANCELLED' ? this.#remainder() : left;
    if (lines.length > 0) this.#take(credit(this.invoice, lines, reason));
  }

  refund(index: number, amount: bigint): void {
    const payment = this.payments[index % Math.max(1, this.payments.length)];
    if (!payment) return;
    const wish = { refundId: 'r', amount, automatic: true, requesterId: 'f', note: undefined, requestedAt: NOW };
    const asked = askRefund(payment, wish, () => 'd');
    if (!asked) return;
    this.#replace([asked.payment]);
    this.#refunds.push(amount);
    this.#post(refunding({ paidBy: payment.provider, amount }));
  }

  /** What did not ship, as Orders reports it; possibly more than is left to credit. */
  #remainder() {
    const rest = this.invoice.lines.map(({ lineId, net, tax }, index) => {
      const open = net - (this.#shipped[index] ?? 0n);
      return { lineId, net: open, tax: net === 0n ? 0n : (tax * open) / net };
    });
    for (const index of this.#shipped.keys()) this.#shipped[index] = this.#lines[index] ?? 0n;
    return atMostLeft(this.invoice, rest);
  }

  #take(taken: Credit): void {
    this.#replace(unapply(this.payments, taken.unapplied));
    this.invoice = taken.invoice;
    this.#post(crediting(taken));
  }

  #replace(changes: readonly Payment[]): void {
    const byId = new Map(changes.map((payment) => [payment.paymentId, payment]));
    this.payments = this.payments.map((payment) => byId.get(payment.paymentId) ?? payment);
  }

  /** The violations of B1, B2 or B3 of the design, and accounts whose balance has the wrong sign. */
  wrong(): readonly string[] {
    const { invoice, payments } = this;
    const equal = (what: string, one: bigint, other: bigint): void => {
      if (one !== other) this.#wrong.push(`${what}: ${one} is not ${other}`);
    };
    const notBelowZero = (what: string, amount: bigint): void => {
      if (amount < 0n) this.#wrong.push(`${what} is ${amount}`);
    };
    equal('all debits less all credits', sum([...this.#balances.values()]), 0n);
    equal('AR', this.balance('AR'), openOf(invoice));
    equal('what is applied', invoice.applied, sum(payments.map(({ applied }) => applied)));
    equal('CUSTOMER_CREDIT', -this.balance('CUSTOMER_CREDIT'), sum(payments.map(creditOf)));
    equal('DEFERRED_REVENUE', -this.balance('DEFERRED_REVENUE'), sum(invoice.lines.map(deferredOf)));
    notBelowZero('what is open', openOf(invoice));
    for (const line of invoice.lines) {
      notBelowZero(`deferred revenue of ${line.lineId}`, deferredOf(line));
      notBelowZero(`revenue of ${line.lineId}`, line.recognised - line.creditedRevenue);
      notBelowZero(`tax of ${line.lineId}`, line.tax - line.creditedTax);
    }
    for (const payment of payments) notBelowZero(`credit of ${payment.paymentId}`, creditOf(payment));
    notBelowZero(
      'what came in less what went back',
      sum(payments.map(({ captured }) => captured)) - sum(this.#refunds),
    );
    return this.#wrong;
  }

  balance(account: Account): bigint {
    return this.#balances.get(account) ?? 0n;
  }
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n);
}
