import type { InboxOptions } from '../options.ts';
import { Rounds } from '../../time/rounds.ts';
import { giveUp } from '../deadLetter.ts';
import type { Consumers } from '../delivery.ts';
import type { Fence } from '../fences.ts';
import { DUE_KEYS, HOLD_KEY, LOCK_KEY, REMOVE_QUEUED } from '../statements.ts';
import { advance, putOff, tryFirst, type ParkedKey, type Tried } from './tryFirst.ts';

/** The longest time between two looks at the parked keys. Other instances may park keys as well. */
const POLL_MS = 1_000;
/** How many events of a key are tried before the next key has its turn. */
const MAX_EVENTS = 50;

/**
 * Retries the parked keys of the partitions that this instance owns, when they are due, under the partition's fence.
 */
export class Retrier {
  readonly #options: InboxOptions;
  readonly #consumers: Consumers;
  /** Consumers that were missing, each of which is logged once. */
  readonly #missing = new Set<string>();
  readonly #rounds: Rounds;

  constructor(options: InboxOptions, consumers: Consumers) {
    this.#options = options;
    this.#consumers = consumers;
    this.#rounds = new Rounds({
      clock: options.clock,
      round: () => this.#round(),
      failed: (error) => {
        options.log.warn({ err: error }, 'could not read the parked keys, will try again');
        return POLL_MS;
      },
    });
    this.#rounds.start();
  }

  /** Call it when this instance has parked a key. */
  wake(): void {
    this.#rounds.wake();
  }

  async stop(): Promise<void> {
    await this.#rounds.stop();
  }

  /** Tries the keys that are due. Returns the milliseconds until the next key is due. */
  async #round(): Promise<number> {
    const { store, fences } = this.#options;
    const owned = fences.owned();
    if (owned.length === 0) return POLL_MS;
    const values = [owned.map(({ topic }) => topic), owned.map(({ partition }) => partition)];
    const keys = await store.read((session) =>
      session.query<ParkedKey & { readonly left_ms: number }>(DUE_KEYS, values),
    );
    let next = POLL_MS;
    for (const key of keys) {
      if (this.#rounds.stopped || !fences.owns(key.topic, key.partition)) continue;
      if (key.left_ms > 0) next = Math.min(next, key.left_ms);
      else next = Math.min(next, await this.#key(key));
    }
    return next;
  }

  /** Works through a key's queue as far as possible. Returns the milliseconds after which to try it again. */
  async #key(key: ParkedKey): Promise<number> {
    for (let turn = 0; turn < MAX_EVENTS && !this.#rounds.stopped; turn++) {
      const fence = await this.#options.fences.of(key.topic, key.partition);
      const outcome = await tryFirst(this.#options, this.#consumers, key, fence);
      if (outcome.kind === 'nothing') return POLL_MS;
      if (outcome.kind === 'dead') {
        if (await this.#giveUp(key, fence, outcome)) continue;
        return POLL_MS;
      }
      const { effect, tries } = outcome;
      if (effect.kind === 'next') continue;
      if (effect.kind === 'leave') return POLL_MS;
      await putOff(this.#options, key, fence, tries, effect);
      this.#report(key, outcome);
      return effect.kind === 'hold' ? POLL_MS : effect.ms;
    }
    return 0;
  }

  #report({ topic, partition }: ParkedKey, outcome: Extract<Tried, { kind: 'tried' | 'orphaned' }>): void {
    const { log, meters, unknownSchemas } = this.#options;
    if (outcome.kind === 'orphaned') {
      const { consumer } = outcome;
      meters.orphaned.add(1);
      if (!this.#missing.has(consumer))
        log.error({ consumer, topic }, 'events are parked for a consumer that this version does not have');
      this.#missing.add(consumer);
      return;
    }
    const { effect, eventId } = outcome;
    if (effect.kind !== 'hold') return;
    unknownSchemas.forget(eventId);
    log.error({ eventId, topic, partition, error: effect.error }, 'the key is held: its event stays in the queue');
  }

  /** True if the key's next event can be tried now. */
  async #giveUp(
    { topic, key }: ParkedKey,
    fence: Fence,
    { delivery, rowId, effect }: Extract<Tried, { kind: 'dead' }>,
  ): Promise<boolean> {
    const hold = effect.reason === 'failed' && delivery.consumer.contract.retry.onDead === 'hold';
    const { kind } = await giveUp(this.#options, delivery, fence, effect, async (session) => {
      await session.query(LOCK_KEY, [topic, key]);
      await session.query(REMOVE_QUEUED, [rowId]);
      if (hold) await session.query(HOLD_KEY, [topic, key, effect.tries, effect.error]);
      else await advance(session, topic, key);
    });
    return kind === 'deadLettered' && !hold;
  }
}
