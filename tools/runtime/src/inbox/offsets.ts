import type { Position, RunningConsumer } from '../ports/kafka.ts';
import type { Log } from '../ports/log.ts';
import type { Fence, Fences } from './fences.ts';
import type { InboxMeters } from './meters.ts';
import { resumptionOf, type Resumption } from './resumption.ts';

export interface OffsetsOptions {
  readonly fences: Fences;
  /** The group's positions in all partitions that it consumes. */
  readonly positions: () => Promise<readonly Position[]>;
  readonly namespace: string;
  readonly log: Log;
  readonly meters: Pick<InboxMeters, 'offsets'>;
}

/** `moved`: the next batch begins elsewhere. `held`: the partition waits for an operator. */
export type Start = 'here' | 'moved' | 'held';

interface Assignment {
  readonly seek: RunningConsumer['seek'];
  readonly starts: Map<string, Promise<Start>>;
  positions?: Promise<readonly Position[]>;
}

/**
 * After each join, compares once what the database knows about a partition with its position in Kafka. Goes back if the
 * database was restored; the inbox then drops the copies.
 */
export class Offsets {
  readonly #options: OffsetsOptions;
  #assignment: Assignment = { seek: () => undefined, starts: new Map() };
  /** By partition: what an operator must know. */
  readonly #alarms = new Map<string, string>();

  constructor(options: OffsetsOptions) {
    this.#options = options;
  }

  /** Call it after the fences know their partitions. Also compares partitions that have nothing to read now. */
  assigned(seek: RunningConsumer['seek']): void {
    this.#alarms.clear();
    this.#assignment = { seek, starts: new Map() };
    void this.compareAll();
  }

  /** Compares the partitions that were not compared yet and those that are held, one after the other. Never throws. */
  async compareAll(): Promise<void> {
    const { fences, log } = this.#options;
    const assignment = this.#assignment;
    for (const { topic, partition } of fences.owned()) {
      if (assignment !== this.#assignment) return;
      await this.startOf(topic, partition).catch((error: unknown) =>
        log.warn({ err: error, topic, partition }, 'could not compare the offsets of a partition, will try again'),
      );
    }
  }

  /** Must be awaited before the first record of a partition after a join. Throws like `fences.of`, and `positions`. */
  async startOf(topic: string, partition: number): Promise<Start> {
    const { starts } = this.#assignment;
    const name = `${topic}/${partition}`;
    const known = starts.get(name);
    if (known) return known;
    const comparing = this.#compare(topic, partition);
    starts.set(name, comparing);
    try {
      const start = await comparing;
      if (start === 'moved') starts.set(name, Promise.resolve('here'));
      if (start === 'held') starts.delete(name);
      return start;
    } catch (error) {
      starts.delete(name);
      throw error;
    }
  }

  /** What is wrong with partitions that this member owns, for readiness. */
  alarms(): readonly string[] {
    return [...this.#alarms.values()];
  }

  /**
   * Keeps the first offset that is not consumed yet, and when the record before it was written. Must be done before the
   * group commits the offset. Throws like `keep` of the fences.
   */
  async keep(fence: Fence, next: bigint, writtenAt: Date): Promise<void> {
    await this.#options.fences.keep(fence, next, writtenAt);
    this.kept(fence);
  }

  /** The offset was stored with the effects. */
  kept({ topic, partition }: Fence): void {
    this.#alarms.delete(`${topic}/${partition}`);
  }

  /**
   * Stores that the partitions which are consumed to their ends are complete up to the instant `at`. Read `at` before
   * asking Kafka for the ends. Never throws: without an answer, the instant of a partition stays as it is.
   */
  async keepAsOf(ends: readonly Position[], at: Date): Promise<void> {
    // a partition with an alarm lacks records, or its offsets belong to another log
    const known = ends.filter(({ topic, partition }) => !this.#alarms.has(`${topic}/${partition}`));
    await this.#options.fences
      .keepAsOf(known, at)
      .catch((error: unknown) => this.#options.log.warn({ err: error }, 'could not keep how fresh the database is'));
  }

  async #compare(topic: string, partition: number): Promise<Start> {
    const { fences, namespace, meters } = this.#options;
    const assignment = this.#assignment;
    const fence = await fences.of(topic, partition);
    const position = (await this.#positions(assignment)).find(
      (one) => one.topic === topic && one.partition === partition,
    );
    if (!position || assignment !== this.#assignment) return 'here';
    const resumption = resumptionOf({ next: fence.next, isNew: fence.epoch === 1n }, position);
    const name = `${topic}/${partition}`;
    const wasHeld = this.#alarms.has(name);
    this.#alarms.delete(name);
    // stored now, because there may be nothing to read for a long time
    if (fence.next === undefined && resumption.kind !== 'gap') {
      await fences.keep(fence, position.committed ?? position.low, null);
    }
    if (resumption.kind === 'here') return 'here';
    if (!wasHeld) meters.offsets.add(1, { topic: topic.slice(namespace.length), kind: resumption.kind });
    this.#report(resumption, fence, position, wasHeld);
    if (resumption.kind === 'gap') {
      fences.forget(fence);
      delete assignment.positions;
      return 'held';
    }
    if (resumption.kind !== 'behind' && resumption.kind !== 'forgotten') return 'here';
    assignment.seek(topic, partition, resumption.to);
    return 'moved';
  }

  #report(
    resumption: Exclude<Resumption, { kind: 'here' }>,
    { next }: Fence,
    { topic, partition, committed, low, high }: Position,
    isKnown: boolean,
  ): void {
    const { log } = this.#options;
    const fields = { topic, partition, next: text(next), committed: text(committed), low: text(low), high: text(high) };
    const name = `${topic}/${partition}`;
    switch (resumption.kind) {
      case 'behind':
        log.warn(fields, "the database is older than the group's offset: going back, and copies are dropped");
        return;
      case 'forgotten':
        log.warn(fields, "Kafka has forgotten the group's offset: going on after what the database has consumed");
        return;
      case 'unknown':
        log.error(fields, 'the group has consumed before, but its database knows nothing of it: was it replaced?');
        return;
      case 'ahead':
        log.error(fields, "the group's offset is far behind what was consumed: reading again, and copies are dropped");
        return;
      case 'gap':
        this.#alarms.set(
          name,
          `${name} is held, because Kafka has deleted its records ${resumption.from} to ${resumption.to - 1n} before they were consumed`,
        );
        if (!isKnown) log.error(fields, 'Kafka has deleted records that were not consumed: the partition is held');
        return;
      case 'beyondEnd':
        this.#alarms.set(
          name,
          `${name} ends at ${high}, but ${text(next)} was consumed: Kafka has lost records, or the topic was created anew`,
        );
        if (!isKnown) log.error(fields, 'the log ends before what was consumed: Kafka has lost records');
        return;
    }
  }

  async #positions(assignment: Assignment): Promise<readonly Position[]> {
    assignment.positions ??= this.#options.positions();
    try {
      return await assignment.positions;
    } catch (error) {
      delete assignment.positions;
      throw error;
    }
  }
}

/** JSON has no bigint. */
function text(offset: bigint | undefined): string | undefined {
  return offset?.toString();
}
