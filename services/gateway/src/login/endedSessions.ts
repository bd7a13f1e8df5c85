import type { Redis } from 'ioredis';
import { LRUCache } from 'lru-cache';
import type { Counter, Log, Metrics } from '@atlas/runtime/gateway';

export interface EndedSessionsOptions {
  /** If absent, the list is that of this process. */
  readonly redis: Redis | undefined;
  /** The prefix of the keys in Redis. */
  readonly namespace: string;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** The most ended sessions that one gateway keeps for the time in which Redis does not answer. */
const MAX_OWN = 100_000;

const OUTCOMES = ['going', 'ended', 'unshared'] as const;

/**
 * The sessions that people have ended by logging out, over all gateways that share a Redis. A copied cookie of such a
 * session is not accepted. While Redis does not answer, each gateway knows only those that ended there; it sends them
 * to Redis when Redis is back.
 */
export class EndedSessions {
  readonly #redis: Redis | undefined;
  readonly #prefix: string;
  readonly #log: Log;
  readonly #checks: Counter;
  /** By id: until when a cookie of the session could be valid, in milliseconds. */
  readonly #own = new LRUCache<string, number>({ max: MAX_OWN });

  constructor({ redis, namespace, log, metrics }: EndedSessionsOptions) {
    this.#redis = redis;
    this.#prefix = `${namespace}gateway:ended`;
    this.#log = log;
    this.#checks = metrics.counter(
      'atlas_gateway_session_checks_total',
      'Requests with the cookie of a session, by outcome: it goes on, has ended, or Redis does not say',
      ['outcome'],
    );
    for (const outcome of OUTCOMES) this.#checks.add(0, { outcome });
    // Redis may have missed sessions while it was unavailable, or may have lost some
    redis?.on('ready', () => void this.#tellAll());
  }

  /** Ends a session whose cookies are not valid after `until`, in milliseconds. Never rejects. */
  async add(id: string, until: number): Promise<void> {
    const ttl = until - Date.now();
    if (ttl <= 0) return;
    this.#own.set(id, until, { ttl });
    try {
      await this.#tell(id, until);
    } catch (error) {
      this.#log.warn(
        { err: error },
        'Redis does not know that a session has ended: other gateways let copies of it in',
      );
    }
  }

  /** Whether somebody has ended the session. False if no gateway that can be asked knows that it has ended. */
  async has(id: string): Promise<boolean> {
    const outcome = this.#own.has(id) ? 'ended' : await this.#ask(id);
    this.#checks.add(1, { outcome });
    return outcome === 'ended';
  }

  async #ask(id: string): Promise<(typeof OUTCOMES)[number]> {
    if (this.#redis === undefined) return 'going';
    try {
      return (await this.#redis.exists(this.#keyOf(id))) === 1 ? 'ended' : 'going';
    } catch {
      // `Counts` logs that Redis is unavailable
      return 'unshared';
    }
  }

  async #tellAll(): Promise<void> {
    try {
      await Promise.all([...this.#own].map(([id, until]) => this.#tell(id, until)));
    } catch (error) {
      this.#log.warn({ err: error }, 'Redis does not know all sessions that have ended');
    }
  }

  async #tell(id: string, until: number): Promise<void> {
    await this.#redis?.set(this.#keyOf(id), '', 'PXAT', until);
  }

  #keyOf(id: string): string {
    return `${this.#prefix}:${id}`;
  }
}
