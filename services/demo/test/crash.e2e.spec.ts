import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ServiceName } from '../src/system/services.ts';
import { eventOf, type SeenEvent } from '../src/topics/eventOf.ts';
import { type Isolated, isolated } from './isolated.ts';

let erp: Isolated;
beforeAll(async () => {
  erp = await isolated('e2e_crash');
});
afterAll(() => erp.close());

const eventsOf = (orderId: string): readonly SeenEvent[] =>
  erp.feed
    .records()
    .filter(({ key, topic }) => key === orderId && !topic.includes('dlq'))
    .map(eventOf);

const HAPPY = ['OrderPlaced', 'StockReserved', 'OrderReserved'];

/** Where a service dies, as of a power cut, and whether the broker may then hold a second copy of its event. */
const DEATHS: readonly { service: ServiceName; failpoint: string; when: string; twice: string | undefined }[] = [
  { service: 'orders', failpoint: 'after-commit', when: 'between commit and publish', twice: undefined },
  { service: 'orders', failpoint: 'after-ack', when: 'between publish and delete', twice: 'OrderPlaced' },
  { service: 'inventory', failpoint: 'after-inbox-insert', when: 'in the middle of its work', twice: undefined },
  { service: 'inventory', failpoint: 'after-consume-commit', when: 'before it commits its offset', twice: undefined },
];

describe.each(DEATHS)('$service killed with SIGKILL $when', ({ service, failpoint, twice }) => {
  it('goes on where it was: the event has its effect once', async () => {
    const { customer, feed, system } = erp;
    const place = await customer.stock(`CRASH-${randomUUID().slice(0, 8).toUpperCase()}`, 10);
    const draft = await customer.draft(place.sku, 3, randomUUID());
    const { orderId } = draft.order;

    await system.process(service).stop();
    const doomed = await system.restart(service, { ATLAS_FAILPOINT: failpoint });
    // the answer is lost with the process, where that is Orders
    await Promise.allSettled([customer.place(draft, randomUUID())]);
    await doomed.gone;
    expect(eventsOf(orderId).map(({ name }) => name)).not.toContain('OrderReserved');

    await system.restart(service);
    await feed.until(() => eventsOf(orderId).some(({ name }) => name === 'OrderReserved'), 'OrderReserved', 60_000);
    const names = new Map(eventsOf(orderId).map(({ id, name }) => [id, name]));
    expect([...names.values()]).toEqual(HAPPY);
    const copied = eventsOf(orderId).length - names.size;
    expect(copied).toBe(twice === undefined ? 0 : 1);
    expect(await customer.order(orderId)).toMatchObject({ state: 'AWAITING_APPROVAL' });
    expect(await customer.level(place)).toMatchObject({ onHand: 10, reserved: 3 });
  });
});
