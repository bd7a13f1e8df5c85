import { contract } from '@atlas/generated-reporting';
import { instantOf } from './instants.ts';
import type { AnyMessage, Projection } from './projection.ts';
import { tableOf } from './table.ts';

export interface TimelineRow {
  readonly subject_id: string;
  readonly event_id: string;
  readonly topic: string;
  readonly type: string;
  readonly sequence: bigint;
  readonly occurred_at: Date;
  readonly actor_id: string | null;
  readonly causation_id: string | null;
  /** The payload as JSON. A number that JavaScript would round is a text. */
  readonly data: string;
}

const table = tableOf<TimelineRow>('timeline_entry', ['subject_id', 'event_id'], {
  subject_id: 'uuid',
  event_id: 'text',
  topic: 'text',
  type: 'text',
  sequence: 'int8',
  occurred_at: 'timestamptz',
  actor_id: 'text',
  causation_id: 'text',
  data: 'jsonb',
});

/** The topics without a namespace. */
const TOPICS: ReadonlyMap<string, string> = new Map(
  contract.consumers.map(({ message }) => [message.name, message.topic]),
);

/**
 * What an event is about: an order, or else a payment or a refund. An event has one subject, so a timeline that joins
 * those of an order, its payments and its refunds has each event once. Undefined for events about stock, items,
 * corrections and the ledger, which do not name an order.
 */
export function subjectOf({ type, data }: AnyMessage): string | undefined {
  switch (type) {
    case 'OrderPlaced':
    case 'OrderReserved':
    case 'OrderConfirmed':
    case 'OrderReleased':
    case 'OrderShipmentRecorded':
    case 'OrderCancellationRequested':
    case 'OrderCancelled':
    case 'OrderFulfilled':
    case 'StockReserved':
    case 'StockReservationFailed':
    case 'ReservationExpired':
    case 'ReservationRenewed':
    case 'ReservationReleased':
    case 'ShipmentDispatched':
    case 'ReturnRecorded':
    case 'InvoiceIssued':
    case 'InvoicePaid':
    case 'InvoicePaymentFailed':
    case 'InvoiceCredited':
      return data.orderId;
    case 'PaymentSucceeded':
    case 'PaymentFailed':
    case 'PaymentUnapplied':
      return data.orderId ?? data.paymentId;
    case 'RefundRequested':
    case 'RefundSucceeded':
    case 'RefundFailed':
      return data.orderId ?? data.refundId;
    case 'ApprovalRequested':
    case 'StepDecided':
    case 'ApprovalEscalated':
    case 'ApprovalGranted':
    case 'ApprovalRejected':
    case 'ApprovalExpired':
    case 'ApprovalCancelled':
      return data.subjectType === 'ORDER' || data.subjectType === 'REFUND' ? data.subjectId : undefined;
    case 'StockMoved':
    case 'ReorderPointReached':
    case 'AdjustmentRequested':
    case 'AdjustmentPosted':
    case 'AdjustmentRejected':
    case 'ItemChanged':
    case 'JournalPosted':
    case 'ManualJournalRequested':
      return undefined;
  }
}

/** The entry of an event. Undefined if it belongs to no timeline. */
export function entryOf(message: AnyMessage): TimelineRow | undefined {
  const subject_id = subjectOf(message);
  if (subject_id === undefined) return undefined;
  const { type, data, meta } = message;
  return {
    subject_id,
    event_id: meta.id,
    topic: TOPICS.get(type) ?? meta.topic,
    type,
    sequence: meta.sequence ?? 0n,
    occurred_at: instantOf(meta.time),
    actor_id: meta.actorId ?? null,
    causation_id: meta.causationId ?? null,
    data: JSON.stringify(data, (_, value) => (typeof value === 'bigint' ? safe(value) : value)),
  };
}

function safe(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

export const timeline: Projection = {
  name: 'timeline',
  version: 2,
  tables: [table.name],
  apply: (messages, tx) => {
    const entries = messages.flatMap((message) => entryOf(message) ?? []);
    // an id may come twice only from two sources
    return table.write(tx, entries, 'keep');
  },
};
