import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { circuitBreaker, CircuitState, ConsecutiveBreaker, handleWhen, type CircuitBreakerPolicy } from 'cockatiel';
import type { GatewayRoute } from '@atlas/runtime';
import {
  failureReply,
  fullJitter,
  plumbingReply,
  READS,
  Refusal,
  RETRY_AFTER,
  type Reply,
} from '@atlas/runtime/gateway';
import { Pool, type Dispatcher } from 'undici';
import { NoAnswerInTime, type Exchange } from './exchange.ts';

const CONNECTIONS = 128;
const CONNECT_MS = 2_000;
/** If a service sends nothing for this long in the middle of an answer, it is considered dead. */
const SILENCE_MS = 30_000;
/** After this many failures in a row, the service gets no requests until one may try. */
const FAILURES = 5;
export const TRY_AGAIN_SECONDS = 5;
const RETRIES = 2;
const JITTER = { baseMs: 50, capMs: 500 };

/** The service is unavailable: it refuses connections, or its last answers failed. */
export class Unavailable extends Error {}

/** The service got the request, but its connection broke or it took too long. */
export class NoAnswer extends Error {}

export interface Outgoing {
  readonly method: Dispatcher.HttpMethod;
  readonly path: string;
  readonly headers: Record<string, string | string[]>;
  readonly body: Buffer | Readable | null;
}

/** One service: connections to it, and whether it answers. */
export class Upstream {
  readonly service: string;
  readonly #pool: Pool;
  readonly #breaker: CircuitBreakerPolicy;

  constructor(service: string, url: string) {
    this.service = service;
    this.#pool = new Pool(url, {
      connections: CONNECTIONS,
      connect: { timeout: CONNECT_MS },
      headersTimeout: 0,
      bodyTimeout: SILENCE_MS,
    });
    this.#breaker = circuitBreaker(
      handleWhen((error) => !(error instanceof Refusal)),
      { halfOpenAfter: TRY_AGAIN_SECONDS * 1_000, breaker: new ConsecutiveBreaker(FAILURES) },
    );
  }

  /** Whether its last answers failed, so that it gets no requests. */
  get isOpen(): boolean {
    return this.#breaker.state !== CircuitState.Closed;
  }

  /**
   * Sends a request. Resolves when the answer begins; `exchange` makes a new exchange for each try. Only reads are sent
   * again, and only if the connection fails. Throws `Unavailable`, `NoAnswer`, or the `Refusal` of the body.
   */
  async send(outgoing: Outgoing, exchange: () => Exchange): Promise<Exchange> {
    for (let attempt = 1; ; attempt++) {
      // another request is finding out whether the service answers again
      if (this.#breaker.state === CircuitState.HalfOpen) throw new Unavailable('it did not answer before');
      let current: Exchange | undefined;
      try {
        return await this.#breaker.execute(async () => {
          current = exchange();
          this.#pool.dispatch(outgoing, current);
          await current.begun;
          return current;
        });
      } catch (error) {
        if (error instanceof Refusal) throw error;
        if (current === undefined) throw new Unavailable('it did not answer before', { cause: error });
        const isLate = error instanceof NoAnswerInTime;
        if (READS.has(outgoing.method) && attempt <= RETRIES && !isLate) {
          await sleep(fullJitter(attempt, JITTER));
          continue;
        }
        if (!current.wasSent) throw new Unavailable('it accepts no connection', { cause: error });
        throw new NoAnswer(isLate ? 'it took too long' : 'its connection broke', { cause: error });
      }
    }
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }
}

/**
 * The problem for a request that failed. If `fault` is true, somebody has to look into it. A command that the service
 * may have got is `outcome-unknown`, because only the client can find out whether it was carried out.
 */
export function failureOf(
  error: unknown,
  { method, service }: Pick<GatewayRoute, 'method' | 'service'>,
  correlationId: string,
): { readonly reply: Reply; readonly fault: boolean } {
  if (!(error instanceof Unavailable || error instanceof NoAnswer)) return failureReply(error, correlationId);
  const isUnknown = error instanceof NoAnswer && !READS.has(method);
  const problem = isUnknown
    ? ({
        code: 'outcome-unknown',
        detail: `${service} gave no answer: send the request again with the same Idempotency-Key, or check first whether it was done`,
      } as const)
    : ({
        code: 'unavailable',
        detail: `${service} is unavailable, nothing was changed: send the request again`,
      } as const);
  const retryAfter = { [RETRY_AFTER]: String(error instanceof Unavailable ? TRY_AGAIN_SECONDS : 1) };
  return { reply: plumbingReply(problem, correlationId, retryAfter), fault: true };
}
