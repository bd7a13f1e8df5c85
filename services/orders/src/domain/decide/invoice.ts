import { evolve } from '../evolve.ts';
import type {
  AwaitingPayment,
  Cancelled,
  Cancelling,
  Fulfilled,
  Invoice,
  Order,
  PartiallyFulfilled,
  Ready,
} from '../order.ts';
import { noopIn, type Moved, type Noop } from './decision.ts';

/**
 * InvoiceIssued. Releases an order that may be paid later. The invoice of a cancelled order is ignored, because Billing
 * credits it anyway.
 */
export function noteInvoice(
  order: Order,
  { invoiceId, number, dueDate }: { readonly invoiceId: string; readonly number: string; readonly dueDate: string },
  now: Date,
): Moved<AwaitingPayment | Ready> | Noop {
  switch (order.state) {
    case 'AWAITING_PAYMENT':
      if (order.invoice) return { noop: 'known invoice' };
      return invoiced(order, { invoiceId, number, dueDate, paidAt: undefined }, now);
    case 'DRAFT':
    case 'PLACED':
    case 'AWAITING_APPROVAL':
    case 'READY':
    case 'PARTIALLY_FULFILLED':
    case 'CANCELLING':
    case 'FULFILLED':
    case 'CANCELLED':
      return noopIn(order);
  }
}

function invoiced(order: AwaitingPayment, invoice: Invoice, now: Date): Moved<AwaitingPayment | Ready> {
  switch (order.terms.payment) {
    case 'PREPAID':
      return { order: evolve.withInvoice(order, invoice) };
    case 'NET_30':
      return { order: evolve.toReady(order, invoice, now) };
  }
}

interface Paid extends Moved<Ready | PartiallyFulfilled | Cancelling | Fulfilled> {
  /** Whether the stock may leave from now on. */
  readonly released: boolean;
}

/**
 * InvoicePaid. Releases an order that waits for it. An order that was released before, because it may be paid later, is
 * only marked as paid. Billing gives back the money for a cancelled order.
 */
export function releaseOnPayment(
  order: Order,
  { invoiceId, paidAt }: { readonly invoiceId: string; readonly paidAt: Date },
  now: Date,
): Paid | Noop {
  switch (order.state) {
    case 'AWAITING_PAYMENT':
    case 'READY':
    case 'PARTIALLY_FULFILLED':
    case 'CANCELLING':
    case 'FULFILLED': {
      const known = order.invoice ?? { invoiceId, number: undefined, dueDate: undefined, paidAt: undefined };
      if (known.invoiceId !== invoiceId) return { noop: 'another invoice' };
      if (known.paidAt) return noopIn(order);
      const invoice = { ...known, paidAt };
      if (order.state === 'AWAITING_PAYMENT') return { order: evolve.toReady(order, invoice, now), released: true };
      return { order: evolve.withInvoice(order, invoice), released: false };
    }
    case 'DRAFT':
    case 'PLACED':
    case 'AWAITING_APPROVAL':
    case 'CANCELLED':
      return noopIn(order);
  }
}

/** InvoicePaymentFailed. Only the final failure has an effect, because Billing tries again after the others. */
export function cancelForPayment(
  order: Order,
  failed: { readonly invoiceId: string; readonly final: boolean },
  now: Date,
): Moved<Cancelled> | Noop {
  switch (order.state) {
    case 'AWAITING_PAYMENT':
      if (!failed.final) return { noop: 'not final' };
      if (order.invoice && order.invoice.invoiceId !== failed.invoiceId) return { noop: 'another invoice' };
      return { order: evolve.toCancelled(order, { reason: 'PAYMENT_FAILED', shortages: [], cancelledAt: now }) };
    case 'DRAFT':
    case 'PLACED':
    case 'AWAITING_APPROVAL':
    case 'READY':
    case 'PARTIALLY_FULFILLED':
    case 'CANCELLING':
    case 'FULFILLED':
    case 'CANCELLED':
      return noopIn(order);
  }
}
