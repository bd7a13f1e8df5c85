import type { IncomingBatch, KafkaPort, RunningConsumer } from '../ports/kafka.ts';

/** A partition and an offset in it; everything before the offset is meant. `topic` has the namespace. */
export interface Mark {
  readonly topic: string;
  readonly partition: number;
  readonly next: bigint;
}

interface Partition {
  /** The first offset that is not consumed. */
  next: bigint;
  /** The first offset that must not be consumed. */
  limit: bigint;
  /**
   * Whether everything before the limit is consumed. This may be true while `next` is still lower, because offsets have
   * gaps.
   */
  reached: boolean;
}

/** Lets a consumer read each partition up to a limit and no further. */
export class Limits {
  readonly #partitions = new Map<string, Partition>();
  #running: RunningConsumer | undefined;
  /** Called when a partition has reached its limit. */
  #onReached: () => void = () => undefined;

  /** `begins` are the first offsets of all partitions. Nothing may be consumed yet. */
  constructor(begins: readonly Mark[]) {
    for (const { topic, partition, next } of begins)
      this.#partitions.set(nameOf(topic, partition), { next, limit: next, reached: true });
  }

  /** The port for the consumer. */
  limited(port: KafkaPort): KafkaPort {
    return {
      ...port,
      run: async (options, handlers) => {
        this.#running = await port.run(options, {
          ...handlers,
          batch: (batch) => this.#batch(batch, (part) => handlers.batch(part)),
        });
        return this.#running;
      },
    };
  }

  /** The offset that the consumer has reached. */
  marks(): readonly Mark[] {
    return Array.from(this.#partitions, ([name, { next }]) => ({ ...partitionOf(name), next }));
  }

  /**
   * Sets new limits, and resolves once everything before them is consumed. A partition that is not named keeps its
   * limit; a limit that is lower than the one before is ignored. Rejects with the signal's reason when it aborts. Call
   * it again only when the call before has ended.
   */
  async reach(marks: readonly Mark[], signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    for (const { topic, partition, next } of marks) {
      const one = this.#partitions.get(nameOf(topic, partition));
      if (!one || next <= one.limit) continue;
      one.limit = next;
      one.reached = one.next >= next;
      if (!one.reached) this.#running?.resume(topic, partition);
    }
    const ended = Promise.withResolvers<void>();
    const aborted = (): void => ended.reject(signal.reason);
    signal.addEventListener('abort', aborted, { once: true });
    this.#onReached = () => {
      if (this.behind().length === 0) ended.resolve();
    };
    this.#onReached();
    await ended.promise.finally(() => signal.removeEventListener('abort', aborted));
  }

  /** The partitions that are not consumed up to their limits. */
  behind(): readonly string[] {
    return [...this.#partitions].filter(([, { reached }]) => !reached).map(([name]) => name);
  }

  /** Passes on the records before the limit. The others are fetched again when the limit has moved. */
  async #batch(batch: IncomingBatch, consume: (batch: IncomingBatch) => Promise<void>): Promise<void> {
    const one = this.#partitions.get(nameOf(batch.topic, batch.partition));
    // a partition that was added later has no limit, so it must not be read
    const limit = one?.limit ?? 0n;
    const records = batch.records.filter(({ offset }) => offset < limit);
    const cut = records.length < batch.records.length;
    if (one && (records.length > 0 || !cut)) {
      const resolve = (offset: bigint): void => {
        batch.resolve(offset);
        // records come again after another join
        if (offset >= one.next) one.next = offset + 1n;
      };
      await consume({ ...batch, records, unreadable: cut ? undefined : batch.unreadable, resolve });
    }
    if (!one) {
      this.#running?.pause(batch.topic, batch.partition);
      return;
    }
    const last = records.at(-1)?.offset;
    const done = last === undefined || one.next > last;
    // the limit may have moved meanwhile, and then the rest is fetched
    if (done && (one.next >= one.limit || (cut && one.limit === limit))) this.#reached(batch, one);
  }

  #reached({ topic, partition }: IncomingBatch, one: Partition): void {
    one.reached = true;
    this.#running?.pause(topic, partition);
    this.#onReached();
  }
}

function nameOf(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}

function partitionOf(name: string): Pick<Mark, 'topic' | 'partition'> {
  const end = name.lastIndexOf('/');
  return { topic: name.slice(0, end), partition: Number(name.slice(end + 1)) };
}
