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
  #timer: NodeJS.Timeout;
  /** Characters since the last time that the client had read everything. */
  #sent = 0;
  /** Milliseconds that the client may still be behind. */
  #left: number;

  constructor(limits: ProgressLimits, stop: (why: Standstill) => void) {
    this.#limits = limits;
    this.#stop = stop;
    this.#left = limits.patienceMs;
    this.#timer = this.#forHandler();
  }

  /** The handler has made a text. */
  made(): void {
    this.#timer.refresh();
  }

  sent(characters: number): void {
    this.#sent += characters;
  }

  /** Waits until the client has read what was sent, which `event` says. Rejects if `signal` is aborted. */
  async read(to: Writable, event: 'drain' | 'finish', signal: AbortSignal): Promise<void> {
    clearTimeout(this.#timer);
    const { patienceMs, slowestPerSecond } = this.#limits;
    const began = performance.now();
    this.#timer = setTimeout(() => this.#stop('too-slow'), Math.max(0, this.#left));
    try {
      await once(to, event, { signal });
    } finally {
      clearTimeout(this.#timer);
    }
    const allowed = (this.#sent * 1_000) / slowestPerSecond;
    this.#left = Math.min(patienceMs, this.#left + allowed - (performance.now() - began));
    this.#sent = 0;
    this.#timer = this.#forHandler();
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  #forHandler(): NodeJS.Timeout {
    return setTimeout(() => this.#stop('too-long'), this.#limits.patienceMs);
  }
}
