/** The topics from which reports are made, by the names of their channels. */
export const TOPICS = {
  orders: 'atlas.orders.order.v1',
  reservations: 'atlas.inventory.reservation.v1',
  stock: 'atlas.inventory.stock.v1',
  items: 'atlas.inventory.item.v1',
  invoices: 'atlas.billing.invoice.v1',
  payments: 'atlas.billing.payment.v1',
  approvals: 'atlas.workflow.approval.v1',
} as const;

export type Topic = (typeof TOPICS)[keyof typeof TOPICS];

/** The service that sends to a topic: the second part of its name. */
export function serviceOf(topic: string): string {
  return topic.split('.')[1] ?? topic;
}
