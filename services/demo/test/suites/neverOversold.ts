import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { eventOf } from '../../src/topics/eventOf.ts';
import { story } from '../../src/topics/story.ts';
import { erp } from './erp.ts';
import { violations } from '../violations.ts';

describe('a hundred orders of one piece each, placed at the same time over HTTP', () => {
  it('reserve exactly ten pieces of a stock of ten, and every order gets an answer', async () => {
    const { customer, feed } = erp;
    const place = await customer.stock('LAST-TEN', 10);
    const placed = await Promise.all(
      Array.from({ length: 100 }, async () => {
        const correlationId = randomUUID();
        return customer.place(await customer.draft(place.sku, 1, correlationId), correlationId);
      }),
    );
    const ours = new Set<string | undefined>(placed.map(({ order }) => order.orderId));
    const ends = () => {
      const seen = feed.records().filter(({ topic, key }) => topic === 'atlas.orders.order.v1' && ours.has(key));
      return story(seen.map(eventOf)).filter(({ name }) => name === 'OrderReserved' || name === 'OrderCancelled');
    };
    await feed.until(() => ends().length >= 100, 'the end of a hundred orders', 60_000);

    expect(ends().filter(({ name }) => name === 'OrderReserved')).toHaveLength(10);
    expect(new Set(ends().map(({ key }) => key))).toEqual(ours);
    expect(await customer.level(place)).toMatchObject({ onHand: 10, reserved: 10, available: 0 });
    const states = await Promise.all(placed.map(async ({ order }) => (await customer.order(order.orderId)).state));
    expect(states.filter((state) => state === 'AWAITING_APPROVAL')).toHaveLength(10);
    expect(states.filter((state) => state === 'CANCELLED')).toHaveLength(90);
    await expect.poll(() => violations(erp)).toEqual([]);
  });
});
