import type { Sandbox } from '@atlas/payment-sandbox';
import type { People } from '../people/people.ts';
import type { RecordFeed } from '../topics/recordFeed.ts';
import { type Invoice, invoiceOf } from './desk.ts';
import { type Goods, order, type Order, readLevel, readOrder, receive, type StockLevel } from './goods.ts';
import { misbehave } from './misbehave.ts';
import { Saga } from './saga.ts';

const QTY = 10;

/** An order whose payer is declined for good. */
export interface Declined {
  readonly saga: Saga;
  readonly goods: Goods;
  readonly order: Order;
  readonly invoice: Invoice;
  readonly level: StockLevel;
}

export async function declined(people: People, feed: RecordFeed, sandbox: Sandbox): Promise<Declined> {
  const saga = new Saga('An order whose payment is declined for good', feed);
  const goods = await receive(people, QTY);
  const { orderId } = await misbehave(sandbox, { kind: 'decline-final' }, () => order(people, saga, goods, QTY));
  await Promise.all([saga.sees('ReservationReleased'), saga.sees('InvoiceCredited')]);
  const [last, invoice, level] = await Promise.all([
    readOrder(people, orderId),
    invoiceOf(people, orderId),
    readLevel(people, goods),
  ]);
  return { saga, goods, order: last, invoice, level };
}
