import type { Clock } from '../ports/clock.ts';

/** A reason of its own, because by default each abort makes an error with a stack. */
const ENDED = 'the sleep has ended';

/**
 * Sleeps by a clock's monotonic time. `wake` and `stop` end a sleep early. After `stop`, every later sleep ends at
 * once.
 */
export class Sleeper {
  readonly #clock: Clock;
  #woken = false;
  #stopped = false;
  #current: AbortController | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  /** Ends the wakeable sleep that is under way. If there is none, the next one ends before it begins. */
  wake(): void {
    this.#woken = true;
    this.#current?.abort(ENDED);
  }

  stop(): void {
    this.#stopped = true;
    this.#current?.abort(ENDED);
  }

  async sleep(ms: number, { wakeable }: { readonly wakeable: boolean }): Promise<void> {
    const end = this.#clock.monotonic() + ms;
    const isOver = (): boolean => this.#stopped || (wakeable && this.#woken);
    for (let left = ms; left > 0 && !isOver();) {
      this.#current = new AbortController();
      await this.#clock.sleep(left, this.#current.signal);
      left = end - this.#clock.monotonic();
      // a wake also aborts a sleep that is not wakeable, which then continues for the rest of its time
      if (!this.#current.signal.aborted) break;
    }
    this.#current = undefined;
    if (wakeable) this.#woken = false;
  }
}
