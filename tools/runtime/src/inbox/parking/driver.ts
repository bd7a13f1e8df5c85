import type { InboxOptions } from '../options.ts';
import type { ParkedEffect } from './step.ts';
import { Rest } from '../../time/sleeper.ts';
import { bury } from '../deadLetter.ts';
import type { Delivery, Reader } from '../delivery.ts';
import type { Fence } from '../fences.ts';
import { ADVANCE, DUE, HEAD, HOLD, REMOVE } from '../statements.ts';
import { reschedule, tryFirst, type ParkedKey } from './tryFirst.ts';

/** How often the parked keys are looked at, at least: other instances park, too. */
const POLL_MS = 1_000;

/** Tries the parked keys of the partitions that this instance owns, when they are due, under the partition's fence. */
export class Retrier {
  readonly #options: InboxOptions;
  readonly #readers: ReadonlyMap<string, Reader>;
  readonly #rest: Rest;
  readonly #running: Promise<void>;

  /** `readers` by consumer's name. */
  constructor(options: InboxOptions, readers: ReadonlyMap<string, Reader>) {
    this.#options = options;
    this.#readers = readers;
    this.#rest = new Rest(options.clock);
    this.#running = this.#run();
  }

  /** A key was parked here. */
  wake(): void {
    this.#rest.wake();
  }

  async stop(): Promise<void> {
    this.#rest.stop();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#rest.stopped) {
      const ms = await this.#round().catch((error: unknown) => {
        this.#options.log.warn({ err: error }, 'parked keys could not be looked at');
        return POLL_MS;
      });
      await this.#rest.rest(ms, { wakes: true });
    }
  }

  /** Milliseconds until the next key is due. */
  async #round(): Promise<number> {
    const { store, clock, fences } = this.#options;
    const owned = fences.owned();
    if (owned.length === 0) return POLL_MS;
    const places = [owned.map(({ topic }) => topic), owned.map(({ partition }) => partition)];
    const heads = await store.read((session) => session.query<ParkedKey & { readonly next_at: Date }>(DUE, places));
    let next = POLL_MS;
    for (const head of heads) {
      if (this.#rest.stopped || !fences.owns(head.topic, head.partition)) continue;
      const left = head.next_at.getTime() - clock.now().getTime();
      if (left > 0) next = Math.min(next, left);
      else next = Math.min(next, await this.#key(head));
    }
    return next;
  }

  /** Works through a due key's queue as far as it goes. Milliseconds after which to look at it again. */
  async #key(key: ParkedKey): Promise<number> {
    while (!this.#rest.stopped) {
      const fence = await this.#options.fences.of(key.topic, key.partition);
      const outcome = await tryFirst(this.#options, this.#readers, key, fence);
      if (outcome.kind === 'over') return POLL_MS;
      const { delivery, effect, rowId } = outcome;
      switch (effect.kind) {
        case 'next':
          break;
        case 'leave':
          return POLL_MS;
        case 'reschedule':
          await reschedule(this.#options, key, fence, effect);
          return effect.ms;
        case 'bury':
          if (!(await this.#bury(key, fence, delivery, rowId, effect))) return POLL_MS;
          break;
      }
    }
    return 0;
  }

  /** True where the key's next event may be tried. */
  async #bury(
    { topic, key }: ParkedKey,
    fence: Fence,
    delivery: Delivery,
    rowId: bigint,
    effect: Extract<ParkedEffect, { kind: 'bury' }>,
  ): Promise<boolean> {
    const hold = effect.reason === 'failed' && delivery.reader.contract.retry.onDead === 'hold';
    const { kind } = await bury(this.#options, delivery, fence, effect, async (session, now) => {
      await session.query(HEAD, [topic, key]);
      await session.query(REMOVE, [rowId]);
      if (hold) await session.query(HOLD, [topic, key, effect.tries, effect.error]);
      else await session.query(ADVANCE, [topic, key, now]);
    });
    return kind === 'buried' && !hold;
  }
}
