import type { Clock } from '../ports/clock.ts';

/** A rest that can be cut short: by `wake` once, by `stop` now and ever after. */
export class Rest {
  readonly #clock: Clock;
  #woken = false;
  #stopped = false;
  #cut: AbortController | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  /** Ends the rest that is under way and was told to wake, else the next such one before it begins. */
  wake(): void {
    this.#woken = true;
    this.#cut?.abort();
  }

  stop(): void {
    this.#stopped = true;
    this.#cut?.abort();
  }

  async rest(ms: number, { wakes }: { readonly wakes: boolean }): Promise<void> {
    const end = this.#clock.now().getTime() + ms;
    const isCut = (): boolean => this.#stopped || (wakes && this.#woken);
    for (let left = ms; left > 0 && !isCut();) {
      this.#cut = new AbortController();
      await this.#clock.sleep(left, this.#cut.signal);
      left = end - this.#clock.now().getTime();
      // a wake that this rest does not heed is kept for the next one
      if (!this.#cut.signal.aborted) break;
    }
    this.#cut = undefined;
    if (wakes) this.#woken = false;
  }
}
