import type { Clock } from '../ports/clock.ts';

/** An event that still waits is tried again within half of this time. */
const RECENT_MS = 60_000;
/** From this many events on, the registry is probably at fault and not their sender. */
const MANY = 10;
const MAX_REMEMBERED = 1_000;

/** The events of the last minute whose schema the registry did not know. */
export class UnknownSchemas {
  readonly #clock: Pick<Clock, 'monotonic'>;
  /** When each event was seen last, the oldest first. */
  readonly #seen = new Map<string, number>();

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  /** `event` identifies the event, in any form. */
  saw(event: string): void {
    this.#seen.delete(event);
    this.#seen.set(event, this.#clock.monotonic());
    const [oldest] = this.#seen.keys();
    if (oldest !== undefined && this.#seen.size > MAX_REMEMBERED) this.#seen.delete(oldest);
  }

  /** Forgets an event, because its schema is known now or it waits for an operator. */
  forget(event: string): void {
    this.#seen.delete(event);
  }

  /** What readiness says about these events. Undefined if there are none. */
  note(): { readonly ok: boolean; readonly text: string } | undefined {
    const since = this.#clock.monotonic() - RECENT_MS;
    for (const [event, at] of this.#seen) {
      if (at >= since) break;
      this.#seen.delete(event);
    }
    const count = this.#seen.size;
    if (count === 0) return undefined;
    const text = `the schema registry does not know the schemas of ${count} events: restore it, or check SCHEMA_REGISTRY_URL`;
    return { ok: count < MANY, text };
  }
}
