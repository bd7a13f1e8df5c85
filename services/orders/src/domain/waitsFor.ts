import type { Order } from './order.ts';

/** What must happen before an order continues. */
export interface WaitsFor {
  readonly what: 'PLACEMENT' | 'STOCK' | 'APPROVAL' | 'INVOICE' | 'PAYMENT' | 'SHIPMENT' | 'RELEASE';
  /** A role of people, or the service that acts by itself. */
  readonly by: 'ops' | 'approver' | 'payer' | 'inventory' | 'billing';
  /** At this time the stock is freed and the order is cancelled, unless it has continued before. */
  readonly until?: Date;
  /** The same as a sentence for people. */
  readonly detail: string;
}

/** What an order waits for. An order that has not ended always waits for something; undefined if it has ended. */
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
