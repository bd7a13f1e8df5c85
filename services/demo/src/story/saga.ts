import { randomUUID } from 'node:crypto';
import type { People, Person } from '../people/people.ts';
import type { Entry } from '../timeline/entry.ts';
import { entryOf } from '../timeline/describe.ts';
import { eventOf, type SeenEvent } from '../topics/eventOf.ts';
import type { RecordFeed } from '../topics/recordFeed.ts';
import { story } from '../topics/story.ts';

/** What happens to one order: what people ask for, and all events that come of it. */
export class Saga {
  readonly title: string;
  /** Sent with every request, so that all events of the saga have it. */
  readonly correlationId: string = `demo-${randomUUID().slice(0, 8)}`;
  readonly #feed: RecordFeed;
  readonly #people: People;
  readonly #requests: Entry[] = [];
  #orderId: string | undefined;

  constructor(title: string, feed: RecordFeed, people: People) {
    this.title = title;
    this.#feed = feed;
    this.#people = people;
  }

  /** From here on events of the order count too. Webhooks of the provider have another correlation id. */
  follows(orderId: string): void {
    this.#orderId = orderId;
  }

  /** Makes a request in somebody's name and writes it down. */
  async asks<T>(person: Person, service: string, what: string, request: () => Promise<T>): Promise<T> {
    const time = new Date();
    const answer = await request();
    this.#requests.push({ time, service, what, who: person.name, correlationId: this.correlationId });
    return answer;
  }

  /** Waits until an event was seen as often. Topics are read one after the other, so others may come later. */
  async sees(name: string, times = 1): Promise<void> {
    const seen = (): number => this.events().filter((event) => event.name === name).length;
    await this.#feed.until(() => seen() >= times, `${times} × ${name} of "${this.title}"`);
  }

  /** Each event once, ordered by time. */
  events(): readonly SeenEvent[] {
    return story(
      this.#feed
        .records()
        .filter(({ topic }) => !topic.endsWith('.dlq.v1'))
        .map(eventOf)
        .filter((event) => this.#isOurs(event)),
    );
  }

  entries(): readonly Entry[] {
    const events = this.events().map((event) => entryOf(event, (actor) => this.#people.nameOf(actor)));
    return [...this.#requests, ...events].toSorted((a, b) => a.time.getTime() - b.time.getTime());
  }

  #isOurs({ correlationId, key, data }: SeenEvent): boolean {
    if (correlationId === this.correlationId) return true;
    const of = this.#orderId;
    return of !== undefined && (key === of || (isRecord(data) && data['orderId'] === of));
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
