import type { CreateIntent } from '@atlas/generated-billing';
import { dateOfMicros } from '@atlas/runtime/time';
import { dayOf } from '../domain/calendar.ts';
import { meaningOf } from '../domain/intent.ts';
import { changed, openOf, type Invoice } from '../domain/invoice.ts';
import type { Payment } from '../domain/payment.ts';
import type { IntentSays } from '../domain/says.ts';
import type { Ports, Tx } from '../ports.ts';
import { PROVIDER, withdrawing } from './collect.ts';
import { invoicePaymentFailed, paymentFailed } from './events.ts';
import { recordCapture } from './recordCapture.ts';

/** A UUID (RFC 9562). The provider may send any text as a reference, but the database accepts only UUIDs. */
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export const isUuid = (text: string): boolean => UUID.test(text);

/** Handles what the provider says about an intent, by an answer, a webhook or its report, in any order. */
export async function hearIntent(
  ports: Ports,
  tx: Tx,
  ctx: { readonly now: Date; readonly newId: () => string },
  says: IntentSays,
): Promise<CreateIntent.Result> {
  const known = await lockPayment(ports, tx, says);
  if (!known) return says.status === 'SUCCEEDED' ? unasked(ports, tx, ctx, says) : { events: [], noop: 'UNKNOWN' };
  const { payment, invoice } = known;
  const meaning = meaningOf(payment, says);
  switch (meaning?.kind) {
    case undefined:
      return { events: [], noop: payment.state };
    case 'captured': {
      if (says.amount.currency !== payment.currency)
        throw new Error(`payment ${payment.paymentId} is in ${payment.currency}, but ${says.amount.currency} came in`);
      const captured = await recordCapture(ports, tx, ctx, {
        payment: { ...payment, providerRef: says.providerRef },
        invoice,
        captured: says.amount.amountMinor,
        effectiveDate: dayOf(dateOfMicros(says.saidAt)),
        store: async (paid) => {
          await ports.payments.save(tx, paid);
          return true;
        },
      });
      return captured ? { events: captured.events, effects: captured.effects } : { events: [] };
    }
    case 'failed': {
      await ports.payments.save(tx, meaning.payment);
      const failure = { final: meaning.final, reason: meaning.reason, failedAt: ctx.now };
      const events = [paymentFailed(meaning.payment, failure)] as const;
      if (!invoice || openOf(invoice) === 0n) return { events };
      if (meaning.final) await ports.invoices.save(tx, changed(invoice, { collectionFailed: true }));
      return { events: [...events, invoicePaymentFailed(invoice, failure)] };
    }
    case 'known': {
      await ports.payments.save(tx, meaning.payment);
      // it was cancelled here before the intent's id was known
      const late = meaning.payment.state === 'CANCELLED' && says.status === 'AWAITING';
      return { events: [], effects: late ? withdrawing(meaning.payment) : [] };
    }
  }
}

/** The payment of an intent, locked, with its invoice. Undefined if we did not ask for it. */
async function lockPayment(
  { invoices, payments }: Ports,
  tx: Tx,
  { providerRef, reference }: IntentSays,
): Promise<{ readonly payment: Payment; readonly invoice: Invoice | undefined } | undefined> {
  const byRef = providerRef === '' ? undefined : await payments.findByRef(tx, PROVIDER, providerRef);
  const found = byRef ?? (isUuid(reference) ? await payments.read(tx, reference) : undefined);
  if (!found || found.provider !== PROVIDER) return undefined;
  const invoice = found.invoiceId === undefined ? undefined : await invoices.load(tx, found.invoiceId);
  const payment = await payments.load(tx, found.paymentId);
  // a second charge for one payment is money that nobody has asked for
  const other = payment?.providerRef !== undefined && providerRef !== '' && payment.providerRef !== providerRef;
  return payment && !other ? { payment, invoice } : undefined;
}

/** Records money that nobody here has asked for. A person must find out whose it is. */
async function unasked(
  ports: Ports,
  tx: Tx,
  ctx: { readonly now: Date; readonly newId: () => string },
  { providerRef, amount, saidAt }: IntentSays,
): Promise<CreateIntent.Result> {
  const payment: Payment = {
    paymentId: ctx.newId(),
    // not stored yet, so its first version has the money
    version: 0n,
    provider: PROVIDER,
    providerRef,
    invoiceId: undefined,
    orderId: undefined,
    state: 'PENDING',
    currency: amount.currency,
    amount: amount.amountMinor,
    captured: 0n,
    applied: 0n,
    refunded: 0n,
    createdAt: ctx.now,
  };
  const captured = await recordCapture(ports, tx, ctx, {
    payment,
    invoice: undefined,
    captured: amount.amountMinor,
    effectiveDate: dayOf(dateOfMicros(saidAt)),
    store: (paid) => ports.payments.insert(tx, paid),
  });
  return captured ? { events: captured.events, effects: captured.effects } : { events: [], noop: 'SUCCEEDED' };
}
