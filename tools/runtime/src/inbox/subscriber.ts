import type { InboxOptions, SubscriberOptions } from './options.ts';
import { AtlasError } from '../contract/atlasError.ts';
import { fullJitter } from '../time/fullJitter.ts';
import type { IncomingBatch, RunningConsumer } from '../ports/kafka.ts';
import type { Check } from '../ports/readiness.ts';
import { Rest } from '../time/sleeper.ts';
import { Consumer } from './driver.ts';
import { Decoders } from './decoders.ts';
import type { Reader } from './delivery.ts';
import { Fences } from './fences.ts';
import { Retrier } from './parking/driver.ts';

/** Long enough for a rebalance; who is out of the group for longer is not ready. */
const OUT_MS = 30_000;

/** The reading half of a service: joins its group in the background, and comes back to what it had to leave. */
export class Subscriber {
  readonly #options: SubscriberOptions;
  readonly #group: string;
  readonly #topics: readonly string[];
  readonly #consumer: Consumer;
  readonly #retrier: Retrier;
  readonly #rest: Rest;
  readonly #joining: Promise<void>;
  readonly #timers = new Set<NodeJS.Timeout>();
  #running: RunningConsumer | undefined;
  #refused: { readonly reason: string; readonly answered: boolean } | undefined;
  #joinedAt: number | undefined;

  constructor(options: SubscriberOptions) {
    const { contract, handlers, namespace, store, registry, clock } = options;
    this.#options = options;
    this.#group = namespace + contract.service;
    this.#topics = [...new Set(contract.consumers.map(({ message }) => namespace + message.topic))];
    const shared: InboxOptions = {
      ...options,
      group: this.#group,
      decoders: new Decoders(registry),
      fences: new Fences(store, this.#group),
    };
    const byName = new Map<string, Reader>();
    const byType = new Map<string, Reader>();
    for (const consumer of contract.consumers) {
      const handle = handlers[consumer.name];
      if (!handle) throw new AtlasError('ATLAS_HANDLER', `there is no handler for consumer ${consumer.name}`);
      const reader = { contract: consumer, handle };
      byName.set(consumer.name, reader);
      byType.set(`${namespace}${consumer.message.topic}\n${consumer.message.type}`, reader);
    }
    this.#rest = new Rest(clock);
    this.#retrier = new Retrier(shared, byName);
    this.#consumer = new Consumer(shared, byType, () => this.#retrier.wake());
    this.#joining = this.#join();
  }

  readiness(): Check {
    const name = 'consumer';
    const now = this.#options.clock.now().getTime();
    if (this.#running?.isJoined() === true) {
      this.#joinedAt = now;
      return { name, ok: true };
    }
    if (this.#joinedAt !== undefined) {
      const ok = now - this.#joinedAt < OUT_MS;
      return { name, ok, note: `is not in group ${this.#group} right now` };
    }
    if (!this.#refused) return { name, ok: false, note: `is joining group ${this.#group}` };
    // a broker that is down stops no command: what they commit waits
    return { name, ok: !this.#refused.answered, note: this.#refused.reason };
  }

  /** Stops fetching, finishes transactions under way, commits offsets, leaves the group. */
  async stop(): Promise<void> {
    this.#rest.stop();
    this.#consumer.stop();
    for (const timer of this.#timers) clearTimeout(timer);
    await this.#joining;
    await this.#running?.stop();
    await this.#retrier.stop();
  }

  async #join(): Promise<void> {
    const { kafka, log } = this.#options;
    for (let attempt = 1; !this.#rest.stopped; attempt++) {
      try {
        this.#running = await kafka.run(
          { group: this.#group, topics: this.#topics },
          {
            assigned: (partitions) => this.#consumer.assigned(partitions),
            batch: (batch) => this.#batch(batch),
          },
        );
        log.info({ group: this.#group, topics: this.#topics }, 'joined the group');
        return;
      } catch (error) {
        const answered = error instanceof AtlasError && isAnswer(error.detail);
        this.#refused = { reason: error instanceof Error ? error.message : String(error), answered };
        log.warn({ err: error, group: this.#group, attempt }, 'could not join the group, trying again');
      }
      await this.#rest.rest(fullJitter(attempt, { baseMs: 250, capMs: 5_000 }), { wakes: false });
    }
  }

  /** A partition that has to wait is paused meanwhile, for the others of its fetch would wait with it. */
  async #batch(batch: IncomingBatch): Promise<void> {
    const { topic, partition } = batch;
    const ms = await this.#consumer.batch(batch);
    if (ms === undefined || this.#rest.stopped) return;
    this.#running?.pause(topic, partition);
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#running?.resume(topic, partition);
    }, ms);
    this.#timers.add(timer);
  }
}

function isAnswer(detail: unknown): boolean {
  return typeof detail === 'object' && detail !== null && 'answered' in detail && detail.answered === true;
}
