import type { People } from '../people/people.ts';
import type { RecordFeed } from '../topics/recordFeed.ts';
import { type Goods, order, type Order, readOrder, receive } from './goods.ts';
import { Saga } from './saga.ts';

export const THERE = 6;
export const WANTED = 8;

/** An order that wants more than there is. */
export interface ShortOfStock {
  readonly saga: Saga;
  readonly goods: Goods;
  readonly order: Order;
}

export async function shortOfStock(people: People, feed: RecordFeed): Promise<ShortOfStock> {
  const saga = new Saga('An order that wants more than there is', feed);
  const goods = await receive(people, THERE);
  const { orderId } = await order(people, saga, goods, WANTED);
  await saga.sees('OrderCancelled');
  return { saga, goods, order: await readOrder(people, orderId) };
}
