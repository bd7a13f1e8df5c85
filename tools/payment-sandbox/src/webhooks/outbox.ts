import type { Faults } from '../provider/faults.ts';
import { instant, newId } from '../provider/objects.ts';
import type { EventType } from '../provider/provider.ts';
import type { Row, Store } from '../provider/store.ts';

/** A delivery that is due. */
export interface DueDelivery {
  readonly id: number;
  readonly eventId: string;
  readonly type: EventType;
  readonly body: unknown;
  /** 1 for the first. */
  readonly number: number;
  readonly fault: string | undefined;
}

/** The time between an event and its copy, or the event that follows one which was held back. */
const APART_MS = 100;

/** Standard Webhooks: at once, then after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 20 h: three days in all. */
export const REDELIVERIES_MS: readonly number[] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 72_000].map(
  (seconds) => seconds * 1_000,
);

/** Events and their deliveries, as rows. */
export class WebhookOutbox {
  readonly #store: Store;
  readonly #faults: Faults;
  readonly #now: () => number;
  readonly #redeliveries: readonly number[];

  constructor(store: Store, faults: Faults, now: () => number, redeliveries: readonly number[]) {
    this.#store = store;
    this.#faults = faults;
    this.#now = now;
    this.#redeliveries = redeliveries;
  }

  /** Keeps an event and its first delivery. Call it in the transaction of the change. */
  emit(type: EventType, data: object, reference: string): void {
    const id = newId('evt');
    const at = this.#now();
    const body = JSON.stringify({ type, timestamp: instant(at), data });
    this.#store.run(
      'INSERT INTO event (id, type, body, created_at, reference) VALUES (?, ?, ?, ?, ?)',
      id,
      type,
      body,
      at,
      reference,
    );
    const version = 'version' in data ? String(data.version) : '';
    const fault = this.#faults.next('webhook', { target: type, reference, subject: `${type} ${reference} ${version}` });
    const held = fault?.kind === 'delay' || fault?.kind === 'reorder';
    const due = held ? at + fault.delayMs : at;
    // an event that was held back follows this newer one
    this.#store.run(
      "UPDATE delivery SET due_at = min(due_at, ?) WHERE fault = 'reorder' AND due_at IS NOT NULL",
      due + APART_MS,
    );
    this.#add(id, { due, number: 1, fault: fault?.kind });
    if (fault?.kind === 'duplicate') this.#add(id, { due: due + APART_MS, number: 1 });
  }

  /** Sends an event again now, however long ago it was. False if there is no such event. */
  redeliver(id: string): boolean {
    const known = this.#store.get('SELECT id FROM event WHERE id = ?', id) !== undefined;
    if (known) this.#add(id, { due: this.#now(), number: this.#redeliveries.length + 1 });
    return known;
  }

  due(limit: number): readonly DueDelivery[] {
    return this.#store
      .all(
        `SELECT delivery.id, event_id, type, body, number, fault FROM delivery JOIN event ON event.id = event_id
         WHERE due_at <= ? ORDER BY due_at, delivery.id LIMIT ?`,
        this.#now(),
        limit,
      )
      .map(deliveryOf);
  }

  nextDue(): number | undefined {
    const at = this.#store.get('SELECT min(due_at) AS at FROM delivery WHERE due_at IS NOT NULL')?.['at'] ?? null;
    return at === null ? undefined : Number(at);
  }

  /** Stores how a delivery ended, and plans the next one if it failed. */
  end({ id, eventId, number }: DueDelivery, outcome: string, delivered: boolean): void {
    this.#store.transaction(() => {
      this.#store.run('UPDATE delivery SET due_at = NULL, outcome = ? WHERE id = ?', outcome, id);
      const wait = this.#redeliveries[number - 1];
      if (delivered)
        this.#store.run('UPDATE event SET delivered_at = coalesce(delivered_at, ?) WHERE id = ?', this.#now(), eventId);
      else if (wait !== undefined) this.#add(eventId, { due: this.#now() + wait, number: number + 1 });
    });
  }

  /** Every event with its deliveries, oldest first, for people. */
  shown(): readonly object[] {
    const deliveries = this.#store.all('SELECT event_id, number, fault, outcome, due_at FROM delivery ORDER BY id');
    return this.#store.all('SELECT * FROM event ORDER BY rowid').map((row) => ({
      eventId: row['id'],
      type: row['type'],
      reference: row['reference'],
      delivered: row['delivered_at'] !== null,
      deliveries: deliveries
        .filter((delivery) => delivery['event_id'] === row['id'])
        .map(({ number, fault, outcome, due_at: due }) => ({
          number,
          ...(fault === null ? {} : { fault }),
          ...(outcome === null ? { dueAt: instant(Number(due)) } : { outcome }),
        })),
    }));
  }

  #add(eventId: string, { due, number, fault }: { due: number; number: number; fault?: string | undefined }): void {
    this.#store.run(
      'INSERT INTO delivery (event_id, due_at, number, fault) VALUES (?, ?, ?, ?)',
      eventId,
      due,
      number,
      fault ?? null,
    );
  }
}

function deliveryOf(row: Row): DueDelivery {
  const types = ['payment.succeeded', 'payment.failed', 'refund.succeeded', 'refund.failed', 'payout.paid'] as const;
  const type = types.find((name) => name === row['type']);
  if (type === undefined) throw new Error(`the store has an event of the type ${String(row['type'])}`);
  const body: unknown = JSON.parse(String(row['body']));
  return {
    id: Number(row['id']),
    eventId: String(row['event_id']),
    type,
    body,
    number: Number(row['number']),
    fault: row['fault'] === null ? undefined : String(row['fault']),
  };
}
