import { setTimeout } from 'node:timers/promises';
import { type components, contract } from '@atlas/generated-reporting';
import { succeeded } from '@atlas/runtime/client';
import type { People } from '../people/people.ts';
import { type Goods, readLevel } from './goods.ts';
import type { SeenEvent } from '../topics/eventOf.ts';
import type { Saga } from './saga.ts';

export type Timeline = components['schemas']['OrderTimeline'];
export type SagaHealth = components['schemas']['SagaHealth'];

/** A story as Reporting shows it. */
export interface ReportedStory {
  readonly title: string;
  /** The correlation ids of its events, each once: that of people's requests, and those of webhooks. */
  readonly correlationIds: readonly string[];
  readonly timeline: Timeline;
  /** The events about the order, its payments and refunds that are in topics of Reporting but not in the timeline. */
  readonly missing: readonly string[];
}

/** The stock of a story's goods in their warehouse, as both services describe it. */
export interface CountedStock {
  readonly sku: string;
  readonly inventory: string;
  readonly reporting: string;
}

/** What Reporting says about all stories. */
export interface Reported {
  readonly stories: readonly ReportedStory[];
  readonly health: SagaHealth;
  readonly stock: readonly CountedStock[];
}

interface Told {
  readonly saga: Saga;
  readonly goods: Goods;
  readonly order: { readonly orderId: string };
}

/** Reports are later than the events. This is much longer than the delay. */
const PATIENCE_MS = 10_000;
/** Nothing in these topics is about one order. */
const NOT_OF_ORDERS = /\.(item|stock|adjustment|ledger)\.v1$/;
/** A service that was added, such as by `atlas init`, has topics that Reporting need not read. */
const READ_TOPICS: ReadonlySet<string> = new Set(contract.consumers.map(({ message }) => message.topic));

/** Those of a story's events that its timeline must have. */
export function toBeReported<E extends Pick<SeenEvent, 'topic'>>(events: readonly E[]): readonly E[] {
  return events.filter(({ topic }) => READ_TOPICS.has(topic) && !NOT_OF_ORDERS.test(topic));
}

/**
 * Reads the timelines of all orders, the saga health and the stock position. Waits until the reports have all events of
 * the topics.
 */
export async function readReports(people: People, told: readonly Told[]): Promise<Reported> {
  const stories = await Promise.all(told.map((one) => readStory(people, one)));
  const stock = await Promise.all(told.map(({ goods }) => countStock(people, goods)));
  const health = succeeded(await people.ops.reporting.getSagaHealth({ query: {} })).body;
  return { stories, health, stock };
}

function countStock(people: People, goods: Goods): Promise<CountedStock> {
  const { sku } = goods;
  return upToDate(
    async () => {
      const level = await readLevel(people, goods);
      const { items } = succeeded(await people.ops.reporting.getStockPosition({ query: goods })).body;
      return { sku, inventory: stockInWords(level), reporting: items.map(stockInWords).join(', ') };
    },
    ({ inventory, reporting }) => inventory === reporting,
  );
}

function stockInWords({ onHand, reserved }: { readonly onHand: number; readonly reserved: number }): string {
  return `${onHand} on hand, ${reserved} reserved`;
}

async function readStory({ ops }: People, { saga, order: { orderId } }: Told): Promise<ReportedStory> {
  const events = toBeReported(saga.events());
  const placed = events.filter(({ source, key }) => source === 'orders' && key === orderId);
  const correlationIds = [...new Set(events.map(({ correlationId }) => correlationId))];
  const minVersion = `order/${orderId}@${Math.max(...placed.map(({ sequence }) => sequence))}`;
  return upToDate(
    async () => {
      const { body: timeline } = succeeded(
        await ops.reporting.getOrderTimeline({ params: { orderId }, query: { minVersion } }),
      );
      const told = new Set(timeline.entries.map(({ eventId }) => eventId));
      const missing = events.filter(({ id }) => !told.has(id)).map(({ name }) => name);
      return { title: saga.title, correlationIds, timeline, missing };
    },
    ({ missing }) => missing.length === 0,
  );
}

/** Reads a report until it has everything. After `PATIENCE_MS` it returns the report as it is. */
async function upToDate<T>(read: () => Promise<T>, hasAll: (answer: T) => boolean): Promise<T> {
  for (const late = Date.now() + PATIENCE_MS; ; await setTimeout(100)) {
    const answer = await read();
    if (hasAll(answer) || Date.now() > late) return answer;
  }
}
