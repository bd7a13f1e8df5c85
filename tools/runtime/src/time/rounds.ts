import type { Clock } from '../ports/clock.ts';
import { Sleeper } from './sleeper.ts';

export interface RoundsOptions {
  readonly clock: Clock;
  /** Does the work that is due, and returns the milliseconds until the next round. */
  readonly round: () => Promise<number>;
  /** Handles the error of a round, and returns the milliseconds until the next one. */
  readonly failed: (error: unknown) => number;
}

/** Runs rounds one after the other, from `start` to `stop`, and sleeps between them. */
export class Rounds {
  readonly #options: RoundsOptions;
  readonly #sleeper: Sleeper;
  #running: Promise<void> = Promise.resolve();

  constructor(options: RoundsOptions) {
    this.#options = options;
    this.#sleeper = new Sleeper(options.clock);
  }

  /** Whether the round that is under way is the last one. If so, it should end soon. */
  get stopped(): boolean {
    return this.#sleeper.stopped;
  }

  start(): this {
    this.#running = this.#run();
    return this;
  }

  /** Begins the next round now, or right after the one that is under way. */
  wake(): void {
    this.#sleeper.wake();
  }

  /** Resolves once the round that is under way has ended. */
  async stop(): Promise<void> {
    this.#sleeper.stop();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { round, failed } = this.#options;
    while (!this.#sleeper.stopped) await this.#sleeper.sleep(await round().catch(failed), { wakeable: true });
  }
}
