import { failpoint } from '../failpoint.ts';
import { RejoinGroup, type IncomingBatch } from '../ports/kafka.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Fence } from './fences.ts';
import type { Offsets } from './offsets.ts';

/** After a crash, records that were consumed but not committed are read again, and the inbox drops the copies. */
const EVERY_MS = 500;

/** How far a partition has been consumed. */
export interface Mark {
  /** Its last batch. */
  readonly batch: Pick<IncomingBatch, 'topic' | 'partition' | 'commit'>;
  readonly fence: Fence;
  /** The first offset that is not consumed. */
  readonly next: bigint;
  /** The timestamp of the record before it. */
  readonly writtenAt: Date;
}

export interface CommitsOptions {
  readonly offsets: Pick<Offsets, 'keep' | 'kept'>;
  readonly clock: Pick<Clock, 'monotonic' | 'sleep'>;
  readonly log: Log;
}

interface Partition {
  /** How far it is consumed, if that is not committed yet. */
  mark: Mark | undefined;
  /** The last offset that a transaction has stored together with effects. */
  kept: bigint | undefined;
  /** When to commit it: half a second after the first record that is not committed was consumed. */
  dueAt: number;
  /** Whether a batch of the partition is being consumed. */
  isBusy: boolean;
  /** Ends the wait for the next commit outside of a batch. */
  waiting: AbortController | undefined;
  /** The last commit outside of a batch. */
  running: Promise<void>;
}

/**
 * Commits how far partitions have been consumed, first in the database, then in Kafka. It commits half a second after
 * the first record that is not committed was consumed. No record waits for a commit between two batches.
 */
export class Commits {
  readonly #options: CommitsOptions;
  #partitions = new Map<string, Partition>();

  constructor(options: CommitsOptions) {
    this.#options = options;
  }

  /** Forgets what is not committed, because after a join the partitions may belong to others. */
  clear(): void {
    for (const { waiting } of this.#partitions.values()) waiting?.abort();
    this.#partitions = new Map();
  }

  /** Must be awaited before a batch, so that an older offset never comes after a newer one. */
  async begin(batch: Pick<IncomingBatch, 'topic' | 'partition'>): Promise<void> {
    const partition = this.#of(batch);
    partition.waiting?.abort();
    partition.isBusy = true;
    await partition.running;
  }

  /** Notes how far a batch has come. */
  note(mark: Mark): void {
    this.#noteIn(this.#of(mark.batch), mark);
  }

  /** Notes that a transaction has stored how far the partition is consumed, together with the effects. */
  kept(batch: Pick<IncomingBatch, 'topic' | 'partition'>, next: bigint): void {
    this.#of(batch).kept = next;
  }

  /** Whether the database knows the noted offset of the partition, or nothing is noted. */
  isKept(batch: Pick<IncomingBatch, 'topic' | 'partition'>): boolean {
    const { mark, kept } = this.#of(batch);
    return mark === undefined || mark.next === kept;
  }

  /** Commits within a batch if a commit is due. Throws like `keep` of the offsets. */
  async ifDue(batch: Pick<IncomingBatch, 'topic' | 'partition'>): Promise<void> {
    const partition = this.#of(batch);
    if (this.#waits(partition) <= 0) await this.#commit(partition);
  }

  /**
   * Ends a batch. Commits at once if `now` is true, else when a commit is due, unless another batch begins first. Never
   * throws.
   */
  async end(batch: Pick<IncomingBatch, 'topic' | 'partition'>, { now }: { readonly now: boolean }): Promise<void> {
    const partition = this.#of(batch);
    if (now) await this.#commitQuietly(partition);
    partition.isBusy = false;
    if (!partition.mark) return;
    const { signal } = (partition.waiting = new AbortController());
    void this.#options.clock.sleep(this.#waits(partition), signal).then(() => {
      if (!signal.aborted) void this.#outside(partition);
      return undefined;
    });
  }

  /** Commits the partitions that have no batch now. Never throws. */
  async flush(): Promise<void> {
    const idle = [...this.#partitions.values()].filter(({ isBusy }) => !isBusy);
    await Promise.all(idle.map((partition) => this.#outside(partition)));
  }

  #noteIn(partition: Partition, mark: Mark): void {
    if (!partition.mark) partition.dueAt = this.#options.clock.monotonic() + EVERY_MS;
    partition.mark = mark;
  }

  #outside(partition: Partition): Promise<void> {
    partition.waiting?.abort();
    partition.running = partition.running.then(() => this.#commitQuietly(partition));
    return partition.running;
  }

  async #commitQuietly(partition: Partition): Promise<void> {
    const { mark } = partition;
    try {
      await this.#commit(partition);
    } catch (error) {
      // another owner goes on from what was committed before
      if (error instanceof RejoinGroup || !mark) return;
      if (!partition.mark) this.#noteIn(partition, mark);
      const { topic, partition: number } = mark.batch;
      this.#options.log.warn({ err: error, topic, partition: number }, 'could not commit offsets');
    }
  }

  /** The database comes first, because an offset there that is behind the one in Kafka means that it was restored. */
  async #commit(partition: Partition): Promise<void> {
    const { mark, kept } = partition;
    if (!mark) return;
    const { offsets } = this.#options;
    partition.mark = undefined;
    if (mark.next === kept) offsets.kept(mark.fence);
    else await offsets.keep(mark.fence, mark.next, mark.writtenAt);
    await mark.batch.commit();
    failpoint('after-offset-commit');
  }

  /** The milliseconds until a commit is due. */
  #waits({ dueAt }: Partition): number {
    return dueAt - this.#options.clock.monotonic();
  }

  #of({ topic, partition }: Pick<IncomingBatch, 'topic' | 'partition'>): Partition {
    const name = `${topic}/${partition}`;
    const found = this.#partitions.get(name);
    if (found) return found;
    const made: Partition = {
      mark: undefined,
      kept: undefined,
      dueAt: Infinity,
      isBusy: false,
      waiting: undefined,
      running: Promise.resolve(),
    };
    this.#partitions.set(name, made);
    return made;
  }
}
