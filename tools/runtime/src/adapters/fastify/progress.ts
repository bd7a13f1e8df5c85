import { once } from 'node:events';
import type { Writable } from 'node:stream';

export interface ProgressLimits {
  /** Milliseconds that a handler may take for its next text, and that a client may be behind. */
  readonly patienceMs: number;
  /** Characters per second that a client has to read on average, or it falls behind. */
  readonly slowestPerSecond: number;
}

/** Why an answer does not go on: its handler makes no text, or its client does not read. */
export type Standstill = 'too-long' | 'too-slow';

/**
 * Watches an answer that is sent while it is made. The whole of it has no limit: an answer that is read arrives.
 * But it keeps a session of the database, so it ends if its handler or its client stands still. A client that reads
 * slower than `slowestPerSecond` uses up its patience, because it could otherwise keep a session for days by reading a
 * little now and then. `stop` is called once at most.
 */
export class Progress {
  readonly #limits: ProgressLimits;
  readonly #stop: (why: Standstill) => void;
  /** Why the answer stops at the deadline. */
  #waitsFor: Standstill = 'too-long';
  /** Milliseconds of `performance.now()` at which the answer stops. */
  #deadline = 0;
  /** When the timer looks at the deadline: not later than the deadline, and mostly long before it. */
  #looksAt = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  /** Characters since the last time that the client had read everything. */
  #sent = 0;
  /** Milliseconds that the client may still be behind. */
  #left: number;

  constructor(limits: ProgressLimits, stop: (why: Standstill) => void) {
    this.#limits = limits;
    this.#stop = stop;
    this.#left = limits.patienceMs;
    this.made();
  }

  /** The handler has made a text. */
  made(): void {
    this.#stopAfter(this.#limits.patienceMs, 'too-long');
  }

  sent(characters: number): void {
    this.#sent += characters;
  }

  /** Waits until the client has read what was sent, which `event` says. Rejects if `signal` is aborted. */
  async read(to: Writable, event: 'drain' | 'finish', signal: AbortSignal): Promise<void> {
    const { patienceMs, slowestPerSecond } = this.#limits;
    const began = performance.now();
    this.#stopAfter(Math.max(0, this.#left), 'too-slow');
    try {
      await once(to, event, { signal });
    } catch (error) {
      this.end();
      throw error;
    }
    const allowed = (this.#sent * 1_000) / slowestPerSecond;
    this.#left = Math.min(patienceMs, this.#left + allowed - (performance.now() - began));
    this.#sent = 0;
    this.made();
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#looksAt = Number.POSITIVE_INFINITY;
  }

  /** Moves the deadline. Only one that comes before the timer's next look costs a new timer, so a text costs none. */
  #stopAfter(ms: number, why: Standstill): void {
    this.#waitsFor = why;
    this.#deadline = performance.now() + ms;
    if (this.#deadline >= this.#looksAt) return;
    clearTimeout(this.#timer);
    this.#lookAfter(ms);
  }

  #lookAfter(ms: number): void {
    this.#looksAt = performance.now() + ms;
    this.#timer = setTimeout(() => {
      const left = this.#deadline - performance.now();
      if (left > 0) this.#lookAfter(left);
      else this.#stop(this.#waitsFor);
    }, ms);
  }
}
