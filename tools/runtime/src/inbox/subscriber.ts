import type { InboxOptions, SubscriberOptions } from './options.ts';
import { AtlasError } from '../contract/atlasError.ts';
import { fullJitter } from '../time/fullJitter.ts';
import type { IncomingBatch, RunningConsumer } from '../ports/kafka.ts';
import type { Check } from '../ports/readiness.ts';
import { Sleeper } from '../time/sleeper.ts';
import { Inbox } from './driver.ts';
import { Decoders } from './decoders.ts';
import { Consumers } from './delivery.ts';
import { HANDLER_MS } from './options.ts';
import { Fences } from './fences.ts';
import { UnknownSchemas } from './unknownSchemas.ts';
import { Offsets } from './offsets.ts';
import { beginAtZero } from './meters.ts';
import { Progress } from './progress.ts';
import { Retrier } from './parking/driver.ts';

/** Long enough for a rebalance. A member that is out of the group for longer is not ready. */
const MAX_OUT_MS = 30_000;
const LOOK_EVERY_MS = 5_000;
/** The first looks after a join come sooner, because what came meanwhile is mostly consumed within a second. */
const SECOND_LOOK_MS = 250;

/** Consumes a service's events: joins its group in the background and resumes the partitions that had to wait. */
export class Subscriber {
  readonly #options: SubscriberOptions;
  readonly #group: string;
  readonly #topics: readonly string[];
  readonly #inbox: Inbox;
  readonly #retrier: Retrier;
  readonly #fences: Fences;
  readonly #offsets: Offsets;
  readonly #progress: Progress;
  readonly #unknownSchemas: UnknownSchemas;
  readonly #sleeper: Sleeper;
  /** Another one, because a sleeper sleeps once at a time. */
  readonly #watching: Sleeper;
  readonly #joining: Promise<void>;
  readonly #timers = new Set<NodeJS.Timeout>();
  #running: RunningConsumer | undefined;
  #refused: { readonly reason: string; readonly answered: boolean } | undefined;
  #joinedAt: number | undefined;
  #hasLooked = false;
  #lookInMs = SECOND_LOOK_MS;

  constructor(options: SubscriberOptions) {
    const { contract, handlers, namespace, store, registry, clock, kafka } = options;
    this.#options = options;
    const ownGroup = namespace + contract.service;
    this.#group = options.group ?? ownGroup;
    this.#topics = [...new Set(contract.consumers.map(({ message }) => namespace + message.topic))];
    this.#unknownSchemas = new UnknownSchemas(clock);
    const fences = new Fences(store, ownGroup);
    this.#fences = fences;
    this.#offsets = new Offsets({ ...options, fences, positions: () => kafka.positions(this.#group, this.#topics) });
    const { stuckAfterMs, meters } = options;
    this.#progress = new Progress({
      namespace,
      meters,
      clock,
      ...(stuckAfterMs === undefined ? {} : { stuckAfterMs }),
    });
    beginAtZero(meters, contract.consumers);
    const shared: InboxOptions = {
      ...options,
      group: this.#group,
      handlerMs: options.handlerMs ?? HANDLER_MS,
      decoders: new Decoders(registry, clock),
      unknownSchemas: this.#unknownSchemas,
      fences,
      offsets: this.#offsets,
      progress: this.#progress,
    };
    const consumers = new Consumers();
    for (const consumed of contract.consumers) {
      const { name, message } = consumed;
      const handle = handlers[name];
      if (!handle) throw new AtlasError('ATLAS_HANDLER', `there is no handler for consumer ${name}`);
      consumers.add(namespace + message.topic, { contract: consumed, handle });
    }
    this.#sleeper = new Sleeper(clock);
    this.#watching = new Sleeper(clock);
    this.#retrier = new Retrier(shared, consumers);
    this.#inbox = new Inbox(shared, consumers, () => this.#retrier.wake());
    this.#joining = this.#join();
    void this.#watch();
  }

  readiness(): Check {
    const name = 'consumer';
    const now = this.#options.clock.monotonic();
    if (this.#running?.isJoined() === true) {
      this.#joinedAt = now;
      // what says how fresh the database is may be from before the start until then
      if (!this.#hasLooked) return { name, ok: false, note: `has joined group ${this.#group}, looks at its topics` };
      const unreadable = Array.from(this.#inbox.unreadable(), ([partition, why]) => `${partition} (${why})`);
      const notes = this.#offsets.alarms().map((alarm) => `${alarm}; see docs/how-to/restore.md`);
      if (unreadable.length > 0) notes.unshift(`can't read on in ${unreadable.join(', ')}`);
      notes.push(...this.#progress.stuck());
      const unknown = this.#unknownSchemas.note();
      const ok = notes.length === 0 && unknown?.ok !== false;
      if (unknown) notes.push(unknown.text);
      return notes.length === 0 ? { name, ok } : { name, ok, note: notes.join('; ') };
    }
    if (this.#joinedAt !== undefined) {
      const ok = now - this.#joinedAt < MAX_OUT_MS;
      return { name, ok, note: `is not in group ${this.#group} right now` };
    }
    if (!this.#refused) return { name, ok: false, note: `is joining group ${this.#group}` };
    // commands work while the broker is unavailable, because their events wait in the outbox
    return { name, ok: !this.#refused.answered, note: this.#refused.reason };
  }

  /** Stops fetching, finishes open transactions, commits offsets, leaves the group. */
  async stop(): Promise<void> {
    this.#sleeper.stop();
    this.#watching.stop();
    await this.#inbox.stop();
    for (const timer of this.#timers) clearTimeout(timer);
    await this.#joining;
    await this.#running?.stop();
    await this.#retrier.stop();
  }

  async #join(): Promise<void> {
    const { kafka, log } = this.#options;
    for (let attempt = 1; !this.#sleeper.stopped; attempt++) {
      try {
        this.#running = await kafka.run(
          { group: this.#group, topics: this.#topics },
          {
            assigned: (partitions, seek) => {
              this.#inbox.assigned(partitions);
              this.#offsets.assigned(seek);
              this.#progress.assigned(partitions);
              this.#lookNow();
            },
            batch: (batch) => this.#batch(batch),
          },
        );
        log.info({ group: this.#group, topics: this.#topics }, 'joined the group');
        this.#lookNow();
        return;
      } catch (error) {
        const answered = error instanceof AtlasError && isAnswer(error.detail);
        this.#refused = { reason: error instanceof Error ? error.message : String(error), answered };
        log.warn({ err: error, group: this.#group, attempt }, 'could not join the group, will try again');
      }
      await this.#sleeper.sleep(fullJitter(attempt, { baseMs: 250, capMs: 5_000 }), { wakeable: false });
    }
  }

  #lookNow(): void {
    this.#lookInMs = SECOND_LOOK_MS;
    this.#watching.wake();
  }

  /** Nobody awaits its end, because a broker that is down may answer late. */
  async #watch(): Promise<void> {
    const { kafka, lookEveryMs = LOOK_EVERY_MS } = this.#options;
    while (!this.#watching.stopped) {
      if (this.#running?.isJoined() === true) {
        const at = await this.#fences.now().catch(() => undefined);
        // without an answer it is unknown whether there is something to read
        const positions = await kafka.positions(this.#group, this.#topics).catch(() => []);
        await this.#inbox.commit();
        this.#progress.look(positions, this.#running.sinceFetch());
        await this.#offsets.compareAll();
        if (at) await this.#offsets.keepAsOf(positions, at);
        this.#hasLooked = true;
      }
      const ms = Math.min(this.#lookInMs, lookEveryMs);
      this.#lookInMs = ms * 2;
      await this.#watching.sleep(ms, { wakeable: true });
    }
  }

  /** Pauses a partition that has to wait, because the other partitions of its fetch would wait with it. */
  async #batch(batch: IncomingBatch): Promise<void> {
    const { topic, partition } = batch;
    const ms = await this.#inbox.batch(batch);
    if (ms === undefined || this.#sleeper.stopped) return;
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
