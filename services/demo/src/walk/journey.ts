import type { Customer, Held, Order } from '../customer/customer.ts';
import type { Entry } from '../timeline/entry.ts';
import { entryOf } from '../timeline/describe.ts';
import { eventOf, type SeenEvent } from '../topics/eventOf.ts';
import type { RecordFeed } from '../topics/recordFeed.ts';
import { story } from '../topics/story.ts';

/** What happened to one order, from its first request to its last event. */
export interface Journey {
  readonly order: Order;
  readonly correlationId: string;
  /** Each event with the order's key, ordered by time. */
  readonly events: readonly SeenEvent[];
  readonly entries: readonly Entry[];
}

export interface Wanted {
  readonly sku: string;
  readonly qty: number;
  readonly correlationId: string;
  /** The names of all events of the journey. */
  readonly events: readonly string[];
}

/** Drafts and places an order, waits until all `events` have been seen, and reads the order again. */
export async function journey(
  customer: Customer,
  feed: RecordFeed,
  { sku, qty, correlationId, events: wanted }: Wanted,
): Promise<Journey> {
  const requests: Entry[] = [];
  const asked = async (what: string, request: () => Promise<Held>): Promise<Held> => {
    const time = new Date();
    const held = await request();
    requests.push({ time, service: 'orders', what: `${what}: ${held.order.state}`, correlationId });
    return held;
  };
  const draft = await asked('POST /v1/orders', () => customer.draft(sku, qty, correlationId));
  const { orderId } = draft.order;
  await asked('POST /v1/orders/{orderId}/place', () => customer.place(draft, correlationId));
  const eventsOf = (): readonly SeenEvent[] =>
    story(
      feed
        .records()
        .filter(({ key }) => key === orderId)
        .map(eventOf),
    );
  // Topics are read one after the other, so the last event may be seen before the one that caused it.
  const isThere = (wantedName: string): boolean => eventsOf().some(({ name }) => name === wantedName);
  await feed.until(() => wanted.every(isThere), `${wanted.join(', ')} of order ${orderId}`);
  const time = new Date();
  const order = await customer.order(orderId);
  requests.push({ time, service: 'orders', what: `GET /v1/orders/{orderId}: ${order.state}`, correlationId });
  const events = eventsOf();
  return { order, correlationId, events, entries: [...requests, ...events.map(entryOf)] };
}
