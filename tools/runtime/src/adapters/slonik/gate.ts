import { AtlasError } from '../../contract/atlasError.ts';

/** How much of a pool is in use. */
export interface PoolUse {
  /** Connections that are in use. */
  readonly busy: number;
  /** Uses that wait for a connection. */
  readonly waiting: number;
}

/**
 * Limits how many uses of a pool run at the same time to `limit`. The others wait in turn, for at most `waitMs`
 * milliseconds, then they fail with `AtlasError` ATLAS_BUSY. The pool's own queue has no such limit.
 */
export class Gate {
  readonly #limit: number;
  readonly #waitMs: number;
  readonly #waiting = new Set<() => void>();
  #free: number;

  constructor(limit: number, waitMs: number) {
    this.#limit = limit;
    this.#free = limit;
    this.#waitMs = waitMs;
  }

  /** How many uses run, and how many wait. */
  use(): PoolUse {
    return { busy: this.#limit - this.#free, waiting: this.#waiting.size };
  }

  async through<T>(work: () => Promise<T>): Promise<T> {
    await this.#enter();
    try {
      return await work();
    } finally {
      const [next] = this.#waiting;
      if (next) {
        this.#waiting.delete(next);
        next();
      } else this.#free += 1;
    }
  }

  async #enter(): Promise<void> {
    if (this.#free > 0) {
      this.#free -= 1;
      return;
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.add(resolve);
    const timer = setTimeout(() => {
      this.#waiting.delete(resolve);
      reject(new AtlasError('ATLAS_BUSY', `no connection to the database was free within ${this.#waitMs} ms`));
    }, this.#waitMs);
    await promise.finally(() => clearTimeout(timer));
  }
}
