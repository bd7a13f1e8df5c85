import { setTimeout } from 'node:timers/promises';
import type { components } from '@atlas/generated-reporting';
import { succeeded } from '@atlas/runtime/client';
import type { People } from '../people/people.ts';
import type { Saga } from './saga.ts';

export type Timeline = components['schemas']['OrderTimeline'];
export type SagaHealth = components['schemas']['SagaHealth'];

/** A story as Reporting tells it. */
export interface ReportedStory {
  readonly title: string;
  readonly timeline: Timeline;
  /** The events of the order, of its payments and refunds that the topics have and the timeline does not. */
  readonly missing: readonly string[];
}

/** What Reporting says about everything that was told. */
export interface Reported {
  readonly stories: readonly ReportedStory[];
  readonly health: SagaHealth;
}

interface Told {
  readonly saga: Saga;
  readonly order: { readonly orderId: string };
}

/** Reports come after the events. This is far longer than it takes. */
const PATIENCE_MS = 10_000;
/** Nothing in these topics is about one order. */
const NOT_OF_ORDERS = /\.(item|stock|adjustment|ledger)\.v1$/;

/** Reads the timelines of all orders and the saga health. Waits until the reports have what the topics have. */
export async function readReports(people: People, told: readonly Told[]): Promise<Reported> {
  const stories = await Promise.all(told.map((one) => readStory(people, one)));
  const health = succeeded(await people.ops.reporting.getSagaHealth({ query: {} })).body;
  return { stories, health };
}

async function readStory({ ops }: People, { saga, order: { orderId } }: Told): Promise<ReportedStory> {
  const events = saga.events().filter(({ topic }) => !NOT_OF_ORDERS.test(topic));
  const placed = events.filter(({ source, key }) => source === 'orders' && key === orderId);
  const minVersion = `order/${orderId}@${Math.max(...placed.map(({ sequence }) => sequence))}`;
  const late = Date.now() + PATIENCE_MS;
  for (;;) {
    const { body: timeline } = succeeded(
      await ops.reporting.getOrderTimeline({ params: { orderId }, query: { minVersion } }),
    );
    const told = new Set(timeline.entries.map(({ eventId }) => eventId));
    const missing = events.filter(({ id }) => !told.has(id)).map(({ name }) => name);
    if (missing.length === 0 || Date.now() > late) return { title: saga.title, timeline, missing };
    await setTimeout(100);
  }
}
