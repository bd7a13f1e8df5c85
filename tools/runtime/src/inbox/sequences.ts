import type { IncomingRecord } from '../ports/kafka.ts';
import type { Log } from '../ports/log.ts';
import type { Received } from '../record/headers.ts';
import type { InboxMeters } from './meters.ts';

/** How an event's sequence follows the last one of its key. */
export type Follows = 'first' | 'next' | 'gap' | 'back';

const MAX_KEYS = 10_000;

/**
 * The last `ce_sequence` of each source and key of a partition since it was assigned. When full, it forgets the key
 * that was silent for longest. An alarm may then be missed, but nothing else depends on it.
 */
export class Sequences {
  readonly #last = new Map<string, bigint>();

  /** A copy of an earlier event is a step back as well. */
  follow(key: string, sequence: bigint): Follows {
    const last = this.#last.get(key);
    if (last !== undefined && sequence <= last) return 'back';
    this.#last.delete(key);
    this.#last.set(key, sequence);
    if (this.#last.size > MAX_KEYS) {
      const [oldest] = this.#last.keys();
      if (oldest !== undefined) this.#last.delete(oldest);
    }
    if (last === undefined) return 'first';
    return sequence === last + 1n ? 'next' : 'gap';
  }
}

/** Counts and logs gaps and steps back in the sequences of keys, in all partitions that this member owns. */
export class SequenceAlarm {
  readonly #options: { readonly log: Log; readonly meters: InboxMeters };
  readonly #partitions = new Map<string, Sequences>();

  constructor(options: { readonly log: Log; readonly meters: InboxMeters }) {
    this.#options = options;
  }

  /** Forgets all partitions, because others are assigned now. */
  clear(): void {
    this.#partitions.clear();
  }

  /** `topicLabel` is the topic in the metric. If `isCopy`, the event had no effect, so a step back is fine. */
  follow(record: IncomingRecord, received: Received, topicLabel: string, isCopy: boolean): void {
    const { sequence, type, id, scope, correlationId } = received;
    if (sequence === undefined || record.key === null) return;
    const partition = `${record.topic}/${record.partition}`;
    const sequences = this.#partitions.get(partition) ?? new Sequences();
    this.#partitions.set(partition, sequences);
    // each source counts on its own
    const kind = sequences.follow(`${scope}\n${Buffer.from(record.key).toString('latin1')}`, sequence);
    if (kind !== 'gap' && !(kind === 'back' && !isCopy)) return;
    const { meters, log } = this.#options;
    meters.sequence.add(1, { topic: topicLabel, kind });
    log.error(
      { topic: record.topic, eventId: id, correlationId, type, sequence: String(sequence), kind },
      'ce_sequence is not contiguous',
    );
  }
}
