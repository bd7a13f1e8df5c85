import type { Redis } from 'ioredis';
import { LRUCache } from 'lru-cache';
import type { Log, Metrics } from '@atlas/runtime/gateway';

/** The numbers of requests of one key in one window. */
interface Count {
  readonly window: number;
  /** Those of all gateways, as Redis last said. */
  known: number;
  /** Those of this gateway that are being sent to Redis. */
  sending: number;
  /** Those of this gateway that Redis does not know. */
  own: number;
  /** Resolves when Redis has answered for the first time. */
  asked: Promise<void> | undefined;
}

export interface CountsOptions {
  /** If absent, the counts are those of this process. */
  readonly redis: Redis | undefined;
  /** The prefix of the keys in Redis. */
  readonly namespace: string;
  readonly log: Log;
  readonly metrics: Metrics;
}

const MAX_KEYS = 100_000;
/** New requests are sent to Redis this often, so that a request costs no round trip. */
const TELL_MS = 100;
/** The longest wait for Redis of a key's first request in a window. */
const ASK_MS = 50;

/**
 * Counts requests by key in windows of time, over all gateways that share a Redis. While Redis does not answer, each
 * gateway counts for itself. Other gateways learn of a request within 100 ms, so a limit may be exceeded by the
 * requests of that time.
 */
export class Counts {
  readonly #redis: Redis | undefined;
  readonly #prefix: string;
  readonly #log: Log;
  readonly #counts = new LRUCache<string, Count>({ max: MAX_KEYS });
  readonly #unsent = new Map<string, { readonly count: Count; readonly expireMs: number }>();
  #timer: NodeJS.Timeout | undefined;
  #isDown = false;

  constructor({ redis, namespace, log, metrics }: CountsOptions) {
    this.#redis = redis;
    this.#prefix = `${namespace}gateway:limit`;
    this.#log = log;
    metrics.gauge(
      'atlas_gateway_limits_shared',
      'Whether Redis shares the counts of rate limits: 0 means that each gateway counts for itself',
      [],
      (gauge) => gauge.set(redis !== undefined && !this.#isDown ? 1 : 0),
    );
  }

  /** Whether the counts are those of all gateways. */
  get isShared(): boolean {
    return this.#redis !== undefined && !this.#isDown;
  }

  /** Adds one. Returns the count and the milliseconds until the window ends. */
  add(key: string, windowMs: number): Counted | Promise<Counted> {
    const now = Date.now();
    const window = Math.floor(now / windowMs);
    const ttl = (window + 1) * windowMs - now;
    let count = this.#counts.get(key);
    const isNew = count === undefined || count.window !== window;
    if (count === undefined || isNew) {
      count = { window, known: 0, sending: 0, own: 0, asked: undefined };
      this.#counts.set(key, count);
    }
    count.own += 1;
    if (this.#redis === undefined) return { current: count.own, ttl };
    this.#unsent.set(`${this.#prefix}:${key}:${window}`, { count, expireMs: 2 * windowMs });
    if (isNew && !this.#isDown) {
      const asked = this.#tell();
      count.asked = asked;
      void asked.finally(() => (count.asked = undefined));
    } else this.#timer ??= setTimeout(() => void this.#tell(), TELL_MS).unref();
    if (count.asked === undefined) return { current: totalOf(count), ttl };
    return Promise.race([count.asked, new Promise((resolve) => setTimeout(resolve, ASK_MS))]).then(() => ({
      current: totalOf(count),
      ttl,
    }));
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  async #tell(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const sent = [...this.#unsent].map(([key, { count, expireMs }]) => ({ key, count, expireMs, own: count.own }));
    this.#unsent.clear();
    if (this.#redis === undefined || sent.length === 0) return;
    const pipeline = this.#redis.pipeline();
    for (const { key, count, expireMs, own } of sent) {
      count.sending += own;
      count.own -= own;
      pipeline.incrby(key, own).pexpire(key, expireMs);
    }
    const totals = await pipeline.exec().catch((error: unknown) => {
      this.#down(error);
      return null;
    });
    for (const [index, { count, own }] of sent.entries()) {
      const [error, total] = totals?.[2 * index] ?? [undefined, undefined];
      if (error) this.#down(error);
      // requests that Redis does not know are counted here nevertheless
      count.known = typeof total === 'number' ? Math.max(total, count.known) : count.known + own;
      // another call may have begun meanwhile, and its requests are still on their way
      count.sending -= own;
    }
    if (totals?.every(([error]) => error === null) === true) this.#up();
  }

  #down(error: unknown): void {
    if (!this.#isDown)
      this.#log.warn({ err: error }, 'Redis is unavailable: rate limits and logouts apply to this process only');
    this.#isDown = true;
  }

  #up(): void {
    if (this.#isDown) this.#log.info({}, 'Redis is available again: rate limits are shared');
    this.#isDown = false;
  }
}

export interface Counted {
  readonly current: number;
  /** Milliseconds until the window ends. */
  readonly ttl: number;
}

function totalOf({ known, sending, own }: Count): number {
  return known + sending + own;
}
