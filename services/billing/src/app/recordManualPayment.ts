import type { RecordManualPayment } from '@atlas/generated-billing';
import { dayOf } from '../domain/calendar.ts';
import { openOf, stateOf } from '../domain/invoice.ts';
import type { Payment } from '../domain/payment.ts';
import { MANUAL } from '../domain/postingRules.ts';
import type { Ports } from '../ports.ts';
import { refusal } from './refusal.ts';
import { recordCapture } from './recordCapture.ts';
import { viewPayment } from './view.ts';

export const recordManualPayment =
  (ports: Pick<Ports, 'invoices' | 'payments' | 'refunds' | 'ledger' | 'sha256'>): RecordManualPayment.Handler =>
  async ({ params, body, ifMatch, ctx }, tx): Promise<RecordManualPayment.Result> => {
    const invoice = await ports.invoices.load(tx, params.invoiceId, ifMatch);
    if (!invoice)
      return { status: 404, problem: { code: 'invoice-not-found', detail: `there is no invoice ${params.invoiceId}` } };
    const { currency } = invoice;
    if (body.amount.currency !== currency)
      return refusal('currency-mismatch', '/amount/currency', `the invoice is in ${currency}`);
    const today = dayOf(ctx.now);
    const receivedOn = body.receivedOn ?? today;
    if (receivedOn > today) return refusal('date-in-future', '/receivedOn', `today is ${today}`);
    const amount = BigInt(body.amount.amountMinor);
    const late = stateOf(invoice) === 'CREDITED';
    if (amount > openOf(invoice) && !late && body.keepExcess !== true)
      return refusal(
        'amount-over-open-balance',
        '/amount/amountMinor',
        `${openOf(invoice)} is open: set keepExcess if the rest is the customer's credit`,
      );
    const asked: Payment = {
      paymentId: ctx.newId(),
      // not stored yet, so its first version has the money
      version: 0n,
      provider: MANUAL,
      providerRef: body.reference,
      invoiceId: invoice.invoiceId,
      orderId: invoice.orderId,
      state: 'PENDING',
      currency,
      amount,
      captured: 0n,
      applied: 0n,
      refunded: 0n,
      createdAt: ctx.now,
    };
    const recorded = await recordCapture(ports, tx, ctx, {
      payment: asked,
      invoice,
      captured: amount,
      effectiveDate: receivedOn,
      store: (payment) => ports.payments.insert(tx, payment),
    });
    if (!recorded)
      return {
        status: 409,
        problem: { code: 'payment-exists', detail: `${body.reference} is recorded already` },
      };
    const { payment } = recorded;
    return {
      status: 201,
      body: viewPayment(payment),
      version: payment.version,
      headers: { Location: `/v1/payments/${payment.paymentId}` },
      events: recorded.events,
      effects: recorded.effects,
    };
  };
