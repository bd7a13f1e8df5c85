import { randomUUID } from 'node:crypto';
import { failpoint } from '../failpoint.ts';
import { Rounds } from '../time/rounds.ts';
import type { TimerOptions } from './options.ts';
import { CLAIM_DUE, NEXT_DUE, RELEASE, type ClaimedRow } from './statements.ts';
import { POLL_MS, untilNextLook } from './step.ts';

export interface QueueOptions {
  readonly kind: ClaimedRow['kind'];
  /** The names of timers or effects that this code knows. */
  readonly names: readonly string[];
  /** How many rows may be claimed now. */
  most(): number;
  /** For how long a claim is valid. */
  readonly leaseMs: number;
  /**
   * Works on the rows of one claim, or begins to do so. It never throws. `askedAt` is the monotonic time right before
   * the claim.
   */
  work(claim: string, rows: readonly ClaimedRow[], askedAt: number): Promise<void>;
}

/** Claims what is due, again and again, and sleeps until the next row is due. */
export class DueQueue {
  readonly #options: TimerOptions;
  readonly #queue: QueueOptions;
  readonly #rounds: Rounds;
  readonly #prepare: () => Promise<void>;

  /** `prepare` runs before the first claim, until it succeeds once. */
  constructor(options: TimerOptions, queue: QueueOptions, prepare: () => Promise<void>) {
    this.#options = options;
    this.#queue = queue;
    this.#prepare = prepare;
    this.#rounds = new Rounds({
      clock: options.clock,
      round: () => this.#round(),
      failed: (error) => {
        options.log.warn({ err: error, kind: queue.kind }, "can't read what is due, will try again");
        return POLL_MS;
      },
    });
  }

  start(): this {
    this.#rounds.start();
    return this;
  }

  /**
   * Call it after a commit that has set timers, with the time when the first is due, or started effects. The queue
   * looks every `POLL_MS` anyway, so only what is due before the next look is worth one more.
   */
  wake(due?: Date): void {
    const { clock } = this.#options;
    if (due === undefined || due.getTime() - clock.now().getTime() < POLL_MS) this.#rounds.wake();
  }

  async stop(): Promise<void> {
    await this.#rounds.stop();
  }

  /** Claims once and works on it. Returns the milliseconds until the next row is due. */
  async #round(): Promise<number> {
    const { store, clock } = this.#options;
    const { kind, names, leaseMs } = this.#queue;
    await this.#prepare();
    const most = this.#queue.most();
    if (most === 0) return POLL_MS;
    const claim = randomUUID();
    const askedAt = clock.monotonic();
    const rows = await store.read((session) =>
      session.query<ClaimedRow>(CLAIM_DUE, [kind, claim, most, leaseMs, names]),
    );
    if (rows.length > 0) {
      failpoint('after-timer-claim');
      await this.#queue.work(claim, rows, askedAt);
    }
    if (rows.length === most) return 0;
    const [next] = await store.read((session) => session.query<{ ms: number | null }>(NEXT_DUE, [kind, names]));
    return untilNextLook(next?.ms ?? undefined);
  }

  /**
   * Gives a claim back: its remaining rows are claimed again, here or on another instance. Never throws, because claims
   * end anyway.
   */
  async release(claim: string): Promise<void> {
    const { store, log } = this.#options;
    await store
      .read((session) => session.query(RELEASE, [claim, this.#queue.kind]))
      .catch((error: unknown) => log.warn({ err: error }, 'could not give a claim back, it ends by itself'));
  }
}
