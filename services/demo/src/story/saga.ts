import { randomUUID } from 'node:crypto';
import { isRecord } from '@atlas/stack';
import { eventsIn, type SeenEvent } from '../topics/eventOf.ts';
import type { RecordFeed } from '../topics/recordFeed.ts';
import { story } from '../topics/story.ts';

/** The story of one order: the requests of people, and all events that follow from them. */
export class Saga {
  readonly title: string;
  /** Sent with every request, so that all events of the saga have it. */
  readonly correlationId: string = `demo-${randomUUID().slice(0, 8)}`;
  readonly #feed: RecordFeed;
  readonly #subjects: string[] = [];

  constructor(title: string, feed: RecordFeed) {
    this.title = title;
    this.#feed = feed;
  }

  /**
   * From now on, events about the order belong to the saga too, because webhooks of the provider have other correlation
   * ids.
   */
  follows(orderId: string): void {
    this.#subjects.push(orderId);
  }

  /**
   * Waits until an event was seen `times` times. Topics are read one after the other, so other events may still come.
   */
  async sees(name: string, times = 1): Promise<void> {
    const seen = (): number => this.events().filter((event) => event.name === name).length;
    await this.#feed.until(() => seen() >= times, `${times} × ${name} of "${this.title}"`);
  }

  /** Each event once, ordered by time. */
  events(): readonly SeenEvent[] {
    return story(belonging(eventsIn(this.#feed.records()), new Set([this.correlationId, ...this.#subjects])));
  }

  /** The payment that paid the order. Throws if there is none yet. */
  paymentId(): string {
    const paid = this.events().find(({ name }) => name === 'PaymentSucceeded');
    if (paid === undefined) throw new Error(`nothing was paid in "${this.title}"`);
    return paid.key;
  }
}

/** The ids that events of one saga share: the order, and the things that belong to it. */
const LINKS = ['orderId', 'invoiceId', 'paymentId', 'refundId', 'creditNoteId', 'subjectId', 'shipmentId', 'reference'];

/** The events that share an id or a correlation id with `known`, or with another event that does. */
function belonging(events: readonly SeenEvent[], known: Set<string>): readonly SeenEvent[] {
  const idsOf = ({ correlationId, data }: SeenEvent): readonly string[] => [
    correlationId,
    ...(isRecord(data) ? LINKS.flatMap((link) => (typeof data[link] === 'string' ? [data[link]] : [])) : []),
  ];
  for (let size = -1; size !== known.size;) {
    size = known.size;
    for (const ids of events.map(idsOf)) if (ids.some((id) => known.has(id))) for (const id of ids) known.add(id);
  }
  return events.filter((event) => idsOf(event).some((id) => known.has(id)));
}
