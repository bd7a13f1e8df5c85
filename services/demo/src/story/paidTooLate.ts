import type { Sandbox } from '@atlas/payment-sandbox';
import type { People } from '../people/people.ts';
import type { RecordFeed } from '../topics/recordFeed.ts';
import { type Invoice, invoiceOf } from './desk.ts';
import { type Goods, order, type Order, readOrder, receive } from './goods.ts';
import { misbehave } from './misbehave.ts';
import { Saga } from './saga.ts';

const QTY = 10;

/** An order whose money comes after its reservation has ended. */
export interface PaidTooLate {
  readonly saga: Saga;
  readonly goods: Goods;
  readonly order: Order;
  readonly invoice: Invoice;
}

/** The provider takes the money, and reports it only after `holdSeconds`. `ended` resolves to the outcome. */
export async function paidTooLate(
  people: People,
  feed: RecordFeed,
  sandbox: Sandbox,
  holdSeconds: number,
): Promise<{ readonly ended: () => Promise<PaidTooLate> }> {
  const saga = new Saga('An order that is paid after its reservation has ended', feed);
  const goods = await receive(people, QTY);
  const delayMs = (holdSeconds + 60) * 1_000;
  const { orderId } = await misbehave(sandbox, { kind: 'delay', target: 'payment.succeeded', delayMs }, () =>
    order(people, saga, goods, QTY),
  );
  return {
    ended: async () => {
      await saga.sees('OrderCancelled');
      await saga.sees('RefundSucceeded');
      const [last, invoice] = await Promise.all([readOrder(people, orderId), invoiceOf(people, orderId)]);
      return { saga, goods, order: last, invoice };
    },
  };
}
