/** How an event's sequence follows the last one of its key. */
export type Follows = 'first' | 'next' | 'gap' | 'back';

const KEYS = 10_000;

/**
 * The last `ce_sequence` of each key of a partition since it was assigned. Forgets the key that was silent longest: what it
 * says is for an alarm, nothing depends on it.
 */
export class Sequences {
  readonly #last = new Map<string, bigint>();

  /** A copy of an earlier event steps back, too: ask only for what had its effect now. */
  follow(key: string, sequence: bigint): Follows {
    const last = this.#last.get(key);
    if (last !== undefined && sequence <= last) return 'back';
    this.#last.delete(key);
    this.#last.set(key, sequence);
    if (this.#last.size > KEYS) {
      const [oldest] = this.#last.keys();
      if (oldest !== undefined) this.#last.delete(oldest);
    }
    if (last === undefined) return 'first';
    return sequence === last + 1n ? 'next' : 'gap';
  }
}
