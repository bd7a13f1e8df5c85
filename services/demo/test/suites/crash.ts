import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { eventsIn, type SeenEvent } from '../../src/topics/eventOf.ts';
import { story } from '../../src/topics/story.ts';
import { erp } from './erp.ts';

const eventsOf = (orderId: string): readonly SeenEvent[] =>
  eventsIn(erp.feed.records()).filter(({ key }) => key === orderId);

const storyOf = (orderId: string): readonly string[] => story(eventsOf(orderId)).map(({ name }) => name);

const HAPPY = ['OrderPlaced', 'StockReserved', 'OrderReserved', 'ApprovalRequested'];

/**
 * The points at which a service is killed, as by a power cut, and the fewest copies of OrderPlaced that the broker has
 * then.
 */
const DEATHS: readonly { service: string; failpoint: string; when: string; sent: number }[] = [
  { service: 'orders', failpoint: 'after-commit', when: 'between commit and publish', sent: 1 },
  { service: 'orders', failpoint: 'after-ack', when: 'between publish and delete', sent: 2 },
  { service: 'inventory', failpoint: 'after-inbox-insert', when: 'in the middle of its work', sent: 1 },
  { service: 'inventory', failpoint: 'after-consume-commit', when: 'before it commits its offset', sent: 1 },
];

describe.each(DEATHS)('$service killed with SIGKILL $when', ({ service, failpoint, sent }) => {
  it('continues where it was, and the event has its effect once', async () => {
    const { customer, feed, system } = erp;
    const place = await customer.stock(`CRASH-${randomUUID().slice(0, 8).toUpperCase()}`, 10);
    const draft = await customer.draft(place.sku, 3, randomUUID());
    const { orderId } = draft.order;

    // Any other unread record would kill the service before ours does.
    await erp.readAll(service);
    await system.process(service).stop();
    const doomed = await system.restart(service, { ATLAS_FAILPOINT: failpoint });
    // If Orders is killed, its answer is lost.
    await Promise.allSettled([customer.place(draft, randomUUID())]);
    await doomed.gone;
    expect(eventsOf(orderId).map(({ name }) => name)).not.toContain('OrderReserved');

    await system.restart(service);
    await feed.until(() => HAPPY.every((name) => storyOf(orderId).includes(name)), HAPPY.join(', '), 60_000);
    expect(storyOf(orderId)).toEqual(HAPPY);
    expect(eventsOf(orderId).filter(({ name }) => name === 'OrderPlaced').length).toBeGreaterThanOrEqual(sent);
    expect(await customer.order(orderId)).toMatchObject({ state: 'AWAITING_APPROVAL' });
    expect(await customer.level(place)).toMatchObject({ onHand: 10, reserved: 3 });
  });
});
