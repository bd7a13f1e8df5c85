import { failpoint } from '../failpoint.ts';
import { RejoinGroup, type IncomingBatch, type IncomingRecord } from '../ports/kafka.ts';
import { Sleeper } from '../time/sleeper.ts';
import { Commits } from './commits.ts';
import type { Consumers } from './delivery.ts';
import type { Fence } from './fences.ts';
import { runLanes, Slots } from './lanes/driver.ts';
import type { LanesEnd } from './lanes/step.ts';
import type { InboxOptions } from './options.ts';
import { Pulse } from './pulse.ts';
import { Sets } from './sets/driver.ts';
import { lanesOf, stretchesOf, unitsOf, type Unit } from './sets/units.ts';
import { Singles, type Around, type Taken } from './singles.ts';

const POSTPONE_MS = 1_000;
/**
 * Milliseconds until this instance tries to read such a batch again. It is long, because only another version of this
 * service may be able to read it.
 */
const UNREADABLE_MS = 10_000;
const HELD_MS = 5_000;

/** The most keys of a partition that are consumed at the same time. */
const LANES = 4;
/**
 * The most transactions that run at the same time. The store has two more connections, for the retrier, fences and
 * offsets.
 */
const TRANSACTIONS = 8;

/**
 * Consumes the batches of a group's partitions. Each record of a declared type has a transaction of its own, or shares
 * that of its set; then its offset is committed.
 */
export class Inbox {
  readonly #options: InboxOptions;
  readonly #consumers: Consumers;
  readonly #sleeper: Sleeper;
  readonly #singles: Singles;
  readonly #sets: Sets;
  readonly #commits: Commits;
  /** By partition: how often in a row its first record had to wait for the database or the registry. */
  readonly #postponed = new Map<string, number>();
  /** By partition: why its next bytes can't be read. */
  readonly #unreadable = new Map<string, string>();

  constructor(options: InboxOptions, consumers: Consumers, onParked: () => void) {
    this.#options = options;
    this.#consumers = consumers;
    const sleeper = new Sleeper(options.clock);
    const slots = new Slots(TRANSACTIONS);
    this.#sleeper = sleeper;
    this.#singles = new Singles(options, { consumers, slots, sleeper, onParked });
    this.#sets = new Sets(options, this.#singles, slots);
    this.#commits = new Commits(options);
  }

  assigned(partitions: readonly { readonly topic: string; readonly partition: number }[]): void {
    this.#options.fences.assigned(partitions);
    this.#commits.clear();
    this.#singles.clear();
    this.#postponed.clear();
    this.#unreadable.clear();
  }

  /** The partitions that are stuck at bytes that can't be read, and why. */
  unreadable(): ReadonlyMap<string, string> {
    return this.#unreadable;
  }

  /** Commits the partitions that have no batch now. Never throws. */
  async commit(): Promise<void> {
    await this.#commits.flush();
  }

  /** Ends sleeps, leaves batches and commits, so that the member can leave its group. */
  async stop(): Promise<void> {
    this.#sleeper.stop();
    await this.#commits.flush();
  }

  /** Consumes a batch. If a record has to wait, returns after how many milliseconds to come back to it. */
  async batch(batch: IncomingBatch): Promise<number | undefined> {
    const { topic, partition, records } = batch;
    const name = `${topic}/${partition}`;
    await this.#commits.begin(batch);
    const pulse = new Pulse(batch);
    try {
      if (records.length > 0) {
        if (this.#mustStop(batch)) return undefined;
        const start = await this.#start(topic, partition);
        if (start.kind !== 'here') return start.ms;
        const end = await this.#lanes(batch, start.fence, pulse);
        pulse.check();
        switch (end.kind) {
          case 'finished':
            break;
          case 'postponed':
            this.#postponed.set(name, (this.#postponed.get(name) ?? 0) + 1);
            return end.ms;
          case 'left':
            this.#options.meters.fenced.add();
            throw new RejoinGroup(topic, partition);
          case 'stopped':
            return undefined;
        }
      }
      return this.#afterRecords(batch, name);
    } finally {
      pulse.stop();
      await this.#commits.end(batch, { now: this.#mustStop(batch) || this.#commitsNow(batch) });
    }
  }

  /** Whether the offset of a batch is committed at its end. */
  #commitsNow(batch: IncomingBatch): boolean {
    if (this.#options.commitEachBatch === true) return true;
    // the offset of a set is stored with its effects, and an older offset must not overwrite it
    return this.#consumers.hasOnlySets(batch.topic) && !this.#commits.isKept(batch);
  }

  /** Records of one key run one after the other, those of different keys side by side. Nothing runs beside a set. */
  async #lanes(batch: IncomingBatch, fence: Fence, pulse: Pulse): Promise<LanesEnd> {
    const [first] = batch.records;
    if (first) this.#options.progress.head(first);
    const units = await this.#unitsOf(batch);
    let done = 0;
    for (const stretch of stretchesOf(units)) {
      const end = await this.#stretch(batch, fence, pulse, { stretch, following: units[done + stretch.length] });
      if (end.kind !== 'finished') return end;
      done += stretch.length;
    }
    return { kind: 'finished' };
  }

  /** Runs a stretch of a batch. `following` is the first unit after it. */
  #stretch(
    batch: IncomingBatch,
    fence: Fence,
    pulse: Pulse,
    { stretch, following }: { readonly stretch: readonly Unit[]; readonly following: Unit | undefined },
  ): Promise<LanesEnd> {
    const { topic, partition } = batch;
    const name = `${topic}/${partition}`;
    const { progress } = this.#options;
    const note = ({ offset, timestamp }: IncomingRecord): void =>
      this.#commits.note({ batch, fence, next: offset + 1n, writtenAt: timestamp });
    return runLanes(lanesOf(stretch), LANES, {
      mustStop: () => this.#mustStop(batch) || pulse.failed(),
      run: async (index) => {
        const unit = stretch[index];
        if (!unit) throw new Error(`the batch has no record ${index}`);
        const around: Around = {
          fence,
          mustStop: () => this.#mustStop(batch),
          postponed: this.#postponed.get(name) ?? 0,
          consumed: (record) => note(record),
          // without a set, other records of the partition may be under way
          keepsOffset: unit.kind === 'set' && this.#consumers.hasOnlySets(topic),
          kept: ({ offset }) => this.#commits.kept(batch, offset + 1n),
        };
        const last =
          unit.kind === 'set'
            ? await this.#sets.consume(unit.taken, around)
            : await this.#singles.consume(unit.taken ?? (await this.#singles.take(unit.last)), around);
        if (last.kind === 'leave') return { kind: 'left' };
        if (last.kind === 'postpone') return { kind: 'postponed', ms: last.ms };
        failpoint('after-consume-commit');
        return undefined;
      },
      resolve: async (index) => {
        const record = stretch[index]?.last;
        if (!record) return;
        this.#postponed.delete(name);
        batch.resolve(record.offset);
        note(record);
        progress.moved(topic, partition, record.offset + 1n);
        const next = stretch[index + 1] ?? following;
        if (next) progress.head(next.first);
        await this.#commits.ifDue(batch);
      },
    });
  }

  async #unitsOf({ topic, records }: IncomingBatch): Promise<readonly Unit[]> {
    if (!this.#consumers.hasSets(topic))
      return records.map((record) => ({ kind: 'single', first: record, last: record }));
    const all: Taken[] = [];
    for (const record of records) all.push(await this.#singles.take(record));
    return unitsOf(all);
  }

  #mustStop(batch: IncomingBatch): boolean {
    return batch.isStale() || this.#sleeper.stopped;
  }

  #afterRecords({ topic, partition, unreadable }: IncomingBatch, name: string): number | undefined {
    if (unreadable === undefined) {
      this.#unreadable.delete(name);
      return undefined;
    }
    if (!this.#unreadable.has(name))
      this.#options.log.error({ topic, partition, error: unreadable }, "a batch can't be read: its partition waits");
    this.#unreadable.set(name, unreadable);
    return UNREADABLE_MS;
  }

  /**
   * The fence, if the partition continues with this batch. Otherwise the batch is left, and comes back after `ms`
   * milliseconds unless its partition was moved to another offset. Throws `RejoinGroup` if this member does not own the
   * partition.
   */
  async #start(
    topic: string,
    partition: number,
  ): Promise<
    { readonly kind: 'here'; readonly fence: Fence } | { readonly kind: 'leave'; readonly ms: number | undefined }
  > {
    const { fences, offsets, log } = this.#options;
    try {
      const start = await offsets.startOf(topic, partition);
      if (start === 'here') return { kind: 'here', fence: await fences.of(topic, partition) };
      return { kind: 'leave', ms: start === 'held' ? HELD_MS : undefined };
    } catch (error) {
      if (error instanceof RejoinGroup) throw error;
      log.warn({ err: error, topic, partition }, 'could not take over a partition, will try again');
      return { kind: 'leave', ms: POSTPONE_MS };
    }
  }
}
