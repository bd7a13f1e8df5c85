import type { People } from '../people/people.ts';
import type { RecordFeed } from '../topics/recordFeed.ts';
import { type Approval, decide, type Invoice, invoiceOf, refund, ship } from './desk.ts';
import { type Goods, order, type Order, readLevel, readOrder, receive, type StockLevel } from './goods.ts';
import { Saga } from './saga.ts';

export const RECEIVED = 200;
/** Costs more than 1,000 euros, so that somebody has to approve it. */
export const ORDERED = 120;
const PARTS = [50, 70] as const;
/** Net, in cents: ten of them. */
export const REFUNDED = 12_250;

/** An order that needs approval, is paid, leaves in two parts, and is refunded in part. */
export interface ShippedInParts {
  readonly saga: Saga;
  readonly goods: Goods;
  readonly order: Order;
  /** The approval as the approver saw it before deciding. */
  readonly seen: Approval;
  readonly invoice: Invoice;
  readonly level: StockLevel;
}

export async function shippedInParts(people: People, feed: RecordFeed): Promise<ShippedInParts> {
  const saga = new Saga(
    'An order that has to be approved, is paid, leaves in two parts, and is refunded in part',
    feed,
  );
  const goods = await receive(people, RECEIVED);
  const placed = await order(people, saga, goods, ORDERED);
  const { orderId } = placed;
  await saga.sees('ApprovalRequested');
  const seen = await decide(people.approver, saga, orderId);
  await saga.sees('OrderReleased');
  for (const [index, qty] of PARTS.entries()) {
    await ship(people, saga, goods, placed, qty);
    await saga.sees('OrderShipmentRecorded', index + 1);
  }
  await saga.sees('OrderFulfilled');
  // There are journals for the invoice, the payment and each part.
  await saga.sees('JournalPosted', 2 + PARTS.length);
  await refund(people, saga, await invoiceOf(people, orderId), REFUNDED);
  const [last, invoice, level] = await Promise.all([
    readOrder(people, orderId),
    invoiceOf(people, orderId),
    readLevel(people, goods),
  ]);
  return { saga, goods, seen, order: last, invoice, level };
}
