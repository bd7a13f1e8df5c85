import type { Order } from './order.ts';

/** What has to happen before an order goes on. */
export interface WaitsFor {
  readonly what: 'PLACEMENT' | 'STOCK' | 'APPROVAL' | 'INVOICE' | 'PAYMENT' | 'SHIPMENT' | 'RELEASE';
  /** A role of people, or the service that acts by itself. */
  readonly by: 'ops' | 'approver' | 'payer' | 'inventory' | 'billing';
  /** Then the stock is not held any more and the order is cancelled, unless it went on before. */
  readonly until?: Date;
  /** The same in a sentence for people. */
  readonly detail: string;
}

/** An order that has not ended always waits for something that has a name. Undefined if it has ended. */
export function waitsFor(order: Order): WaitsFor | undefined {
  switch (order.state) {
    case 'DRAFT':
      return { what: 'PLACEMENT', by: 'ops', detail: 'Somebody has to place or to discard the draft.' };
    case 'PLACED':
      return { what: 'STOCK', by: 'inventory', detail: 'Inventory has to hold stock for all lines.' };
    case 'AWAITING_APPROVAL':
      return {
        what: 'APPROVAL',
        by: 'approver',
        until: order.reservation.expiresAt,
        detail: 'Workflow has to apply the policy, and an approver has to decide if the policy asks for one.',
      };
    case 'AWAITING_PAYMENT': {
      const until = order.reservation.expiresAt;
      if (!order.invoice) return { what: 'INVOICE', by: 'billing', until, detail: 'Billing has to invoice the order.' };
      const { number, invoiceId } = order.invoice;
      return { what: 'PAYMENT', by: 'payer', until, detail: `Invoice ${number ?? invoiceId} has to be paid.` };
    }
    case 'READY':
      return { what: 'SHIPMENT', by: 'ops', detail: 'Somebody has to dispatch a shipment.' };
    case 'PARTIALLY_FULFILLED':
      return {
        what: 'SHIPMENT',
        by: 'ops',
        detail: 'Somebody has to dispatch the rest, or to cancel the order, which cancels only the rest.',
      };
    case 'CANCELLING':
      return { what: 'RELEASE', by: 'inventory', detail: 'Inventory has to say what had left before it was asked.' };
    case 'FULFILLED':
    case 'CANCELLED':
      return undefined;
  }
}
