import { randomBytes } from 'node:crypto';
import type { Customer, StockLevel } from '../customer/customer.ts';
import type { RecordFeed } from '../topics/recordFeed.ts';
import { journey, type Journey } from './journey.ts';

export const RECEIVED = 10;
export const FIRST = 4;
export const SECOND = 8;

/** What the walk-through did and saw. */
export interface Walk {
  readonly sku: string;
  /** The order that finds enough stock. */
  readonly reserved: Journey;
  /** The order that needs more than is left. */
  readonly failed: Journey;
  /** The stock level of the item afterwards. */
  readonly level: StockLevel;
}

/** Receives stock of a new item, then places an order that finds enough stock and one that does not. */
export async function walk(customer: Customer, feed: RecordFeed, say: (doing: string) => void): Promise<Walk> {
  const run = randomBytes(3).toString('hex');
  const sku = `BOLT-${run.toUpperCase()}`;
  say(`receiving ${RECEIVED} × ${sku}`);
  const place = await customer.stock(sku, RECEIVED);
  say(`ordering ${FIRST} × ${sku}, of which there are ${RECEIVED}`);
  const reserved = await journey(customer, feed, {
    sku,
    qty: FIRST,
    correlationId: `demo-${run}-1`,
    events: ['OrderPlaced', 'StockReserved', 'OrderReserved'],
  });
  say(`ordering ${SECOND} × ${sku}, of which ${RECEIVED - FIRST} are left`);
  const failed = await journey(customer, feed, {
    sku,
    qty: SECOND,
    correlationId: `demo-${run}-2`,
    events: ['OrderPlaced', 'StockReservationFailed', 'OrderCancelled'],
  });
  return { sku, reserved, failed, level: await customer.level(place) };
}
