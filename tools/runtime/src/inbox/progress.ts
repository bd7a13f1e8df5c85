import type { Clock } from '../ports/clock.ts';
import type { IncomingRecord, Position } from '../ports/kafka.ts';
import type { InboxMeters } from './meters.ts';

const STUCK_AFTER_MS = 60_000;

export interface ProgressOptions {
  readonly namespace: string;
  readonly meters: Pick<InboxMeters, 'lag' | 'oldestUnread'>;
  readonly clock: Clock;
  readonly stuckAfterMs?: number;
}

interface Partition {
  readonly topic: string;
  readonly partition: number;
  /** The first offset that is not consumed yet, as far as this member knows. */
  next: bigint | undefined;
  /** The timestamp of the record that is being consumed or waits to be. */
  head: Date | undefined;
  /** When it last moved, or when there first were records to read. */
  since: number;
  /** How many records wait. Undefined if Kafka does not answer. */
  lag: bigint | undefined;
  /** Whether the rest of the log has records, and not only markers of transactions. */
  hasRecords: boolean;
}

/** How far this member has come in each of its partitions, for metrics and readiness. */
export class Progress {
  readonly #options: ProgressOptions;
  #partitions = new Map<string, Partition>();

  constructor(options: ProgressOptions) {
    this.#options = options;
  }

  /** Forgets all other partitions. */
  assigned(partitions: readonly { readonly topic: string; readonly partition: number }[]): void {
    const before = [...this.#partitions.values()];
    this.#partitions = new Map(
      partitions.map(({ topic, partition }) => [
        `${topic}/${partition}`,
        {
          topic,
          partition,
          next: undefined,
          head: undefined,
          since: this.#options.clock.monotonic(),
          lag: undefined,
          hasRecords: false,
        },
      ]),
    );
    for (const one of [...before, ...this.#partitions.values()]) this.#export(one, 0, 0);
  }

  /** A record is about to be consumed. */
  head({ topic, partition, timestamp }: Pick<IncomingRecord, 'topic' | 'partition' | 'timestamp'>): void {
    const one = this.#partitions.get(`${topic}/${partition}`);
    if (one) one.head = timestamp;
  }

  /** All records before `next` are consumed. */
  moved(topic: string, partition: number, next: bigint): void {
    const one = this.#partitions.get(`${topic}/${partition}`);
    if (one) Object.assign(one, { next, head: undefined, since: this.#options.clock.monotonic() });
  }

  /**
   * Compares with the ends of the partitions. `sinceFetch` is the time since the last answer to a fetch, in
   * milliseconds: if that answer had no records, there is nothing to read.
   */
  look(positions: readonly Position[], sinceFetch: number): void {
    const { clock, stuckAfterMs = STUCK_AFTER_MS } = this.#options;
    const byName = new Map(positions.map((position) => [`${position.topic}/${position.partition}`, position]));
    for (const [name, one] of this.#partitions) {
      const position = byName.get(name);
      const lag = position && lagOf(one.next, position);
      if (!(one.lag !== undefined && one.lag > 0n)) one.since = this.#options.clock.monotonic();
      one.lag = lag;
      one.hasRecords = one.head !== undefined || sinceFetch > stuckAfterMs;
      if (lag === undefined) continue;
      const waited = this.#options.clock.monotonic() - one.since;
      const age = one.head ? Math.max(0, clock.now().getTime() - one.head.getTime()) : one.hasRecords ? waited : 0;
      this.#export(one, Number(lag), lag > 0n ? age / 1_000 : 0);
    }
  }

  /** The partitions that have had records to read for too long without progress. */
  stuck(): readonly string[] {
    const { stuckAfterMs = STUCK_AFTER_MS } = this.#options;
    const now = this.#options.clock.monotonic();
    return [...this.#partitions.values()].flatMap(({ topic, partition, lag, since, hasRecords }) => {
      if (lag === undefined || lag <= 0n || !hasRecords || now - since < stuckAfterMs) return [];
      return [
        `${topic}/${partition} has made no progress for ${Math.floor((now - since) / 1_000)} s, ${lag} records wait`,
      ];
    });
  }

  #export({ topic, partition }: Partition, lag: number, age: number): void {
    const { namespace, meters } = this.#options;
    const labels = { topic: topic.slice(namespace.length), partition: String(partition) };
    meters.lag.set(lag, labels);
    meters.oldestUnread.set(age, labels);
  }
}

function lagOf(next: bigint | undefined, { committed, low, high }: Position): bigint {
  const from = next ?? committed ?? low;
  const lag = high - (from < low ? low : from);
  return lag < 0n ? 0n : lag;
}
