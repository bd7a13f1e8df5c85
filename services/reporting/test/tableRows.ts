import { randomUUID } from 'node:crypto';

/** An instant `seconds` seconds before now. */
export function ago(seconds: number): string {
  return new Date(Date.now() - seconds * 1_000).toISOString();
}

export function orderRow(more: object = {}) {
  return {
    order_id: randomUUID(),
    state: 'PLACED',
    state_since: ago(60),
    customer_id: randomUUID(),
    requester_id: 'ops-1',
    currency: 'EUR',
    total_minor: 1_250,
    line_count: 1,
    skus: ['BOLT-M8'],
    terms: null,
    cancel_reason: null,
    placed_at: ago(60),
    sequence: 1,
    ...more,
  };
}

export function invoiceRow(order_id: string, more: object = {}) {
  return {
    order_id,
    invoice_id: randomUUID(),
    number: `INV-${order_id.slice(0, 8)}`,
    currency: 'EUR',
    net_minor: 1_050,
    tax_minor: 200,
    total_minor: 1_250,
    credited_minor: 0,
    terms: 'PREPAID',
    due_date: ago(-86_400).slice(0, 10),
    issued_at: ago(60),
    ...more,
  };
}

export function paymentRow(more: object = {}) {
  return {
    payment_id: randomUUID(),
    currency: 'EUR',
    amount_minor: 1_250,
    unapplied_minor: 0,
    state: 'SUCCEEDED',
    changed_at: ago(30),
    ...more,
  };
}

export function approvalRow(more: object = {}) {
  return {
    approval_id: randomUUID(),
    subject_type: 'ORDER',
    subject_id: randomUUID(),
    subject_version: 1,
    state: 'PENDING',
    requester_id: 'ops-1',
    amount_minor: 1_250,
    currency: 'EUR',
    due_at: ago(-3_600),
    requested_at: ago(600),
    escalated: false,
    ...more,
  };
}

export function entryRow(subject_id: string, type: string, more: object = {}) {
  return {
    subject_id,
    event_id: randomUUID(),
    topic: 'atlas.orders.order.v1',
    type,
    sequence: 1,
    occurred_at: ago(60),
    actor_id: 'ops-1',
    causation_id: null,
    data: { orderId: subject_id },
    ...more,
  };
}
