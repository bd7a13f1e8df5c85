import { pause, whyOf } from '../client/callsOf.ts';
import { requestOf, setHeader, type AnyCallInput, type CallRequest } from '../client/requestOf.ts';
import { AtlasError } from '../contract/atlasError.ts';
import { READS } from '../contract/operation.ts';
import type { Breaker, BreakerOptions } from '../ports/breaker.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { fullJitter } from '../time/fullJitter.ts';
import type { ForeignContract } from './contract.ts';
import { readAnswer, retryAfterOf, type AnyForeignAnswer } from './readAnswer.ts';
import type { Watch } from './watch.ts';

export interface ForeignOptions {
  /**
   * The address of the outside system: `https://api.payments.example.com`. Its path is put before the operation's path.
   */
  readonly baseUrl: string;
  /** Sent as `Authorization: Bearer` (RFC 6750). A function is called for each try. */
  readonly token?: string | (() => string | Promise<string>);
  /** Sent with each request, such as an API key. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds that one try may take; 10,000 by default. */
  readonly timeoutMs?: number;
  /** Milliseconds that a call may take with all its tries and waits; 30,000 by default. */
  readonly deadlineMs?: number;
  /**
   * How often a read, or a request with an idempotency key, is sent again; 2 by default. Others are never sent again.
   */
  readonly retries?: number;
  /** The longest body of an answer in bytes; 1 MiB by default. */
  readonly maxAnswerBytes?: number;
  /**
   * After `failures` failures in a row (5 by default), nothing is sent for `restMs` milliseconds (10,000 by default).
   * Then one call tries.
   */
  readonly breaker?: { readonly failures?: number; readonly restMs?: number };
  /** Gets a line when the breaker opens or closes. */
  readonly log?: Log;
  /** Replaces the global `fetch`. */
  readonly fetch?: (url: URL, init: RequestInit) => Promise<Response>;
}

/** What the calls need from outside of this folder. */
export interface ForeignPorts {
  readonly breakerOf: (options: BreakerOptions) => Breaker;
  readonly clock: Clock;
  readonly watch: Watch;
}

const TIMEOUT_MS = 10_000;
const DEADLINE_MS = 30_000;
const RETRIES = 2;
const MAX_ANSWER_BYTES = 1_048_576;
const FAILURES = 5;
const REST_MS = 10_000;
const JITTER = { baseMs: 100, capMs: 2_000 };
/** Statuses after which the same request may succeed: a server that is late, fails, is overloaded or unavailable. */
const PASSING: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

/**
 * A function for each operation of an outside system. Each resolves to an answer of its document, problems included. It
 * rejects with `AtlasError`: ATLAS_CLIENT_NETWORK without an answer, ATLAS_CLIENT_ANSWER for an answer that does not
 * fit the document or is too long, ATLAS_CLIENT_OPEN if the breaker is open, so that nothing was sent, and
 * ATLAS_CLIENT_INPUT for input that cannot be sent. `detail.idempotencyKey` is the key to repeat a command with. No
 * message has a header, a body or a value of a parameter.
 */
export function foreignCalls<Calls extends object>(
  name: string,
  operations: { readonly [Id in keyof Calls]: ForeignContract },
  options: ForeignOptions,
  { breakerOf, clock, watch }: ForeignPorts,
): Calls {
  const { log, breaker: { failures = FAILURES, restMs = REST_MS } = {} } = options;
  const base = baseOf(name, options.baseUrl);
  const breaker = breakerOf({
    failures,
    restMs,
    changed: (state) => {
      watch.breaker(state === 'open');
      if (state === 'open')
        log?.warn({ client: name, failures, restMs }, 'an outside system fails, so it is not called for a while');
      else log?.info({ client: name }, 'an outside system works again');
    },
  });
  const calls = Object.entries<ForeignContract>(operations).map(([id, operation]) => [
    id,
    (input: AnyCallInput = {}) =>
      new ForeignCallRun(`${name}.${id}`, operation, base, options, { breaker, clock, watch }).run(input),
  ]);
  // cast: the data and the type of each operation are generated from one document
  return Object.fromEntries(calls) as Calls;
}

/** The message does not repeat the address, which may have a password. */
function baseOf(name: string, text: string): URL {
  const base = URL.parse(text);
  const isHttp = base?.protocol === 'http:' || base?.protocol === 'https:';
  if (base && isHttp && base.username === '' && base.password === '') return base;
  const why = base && isHttp ? 'must not have a user or a password' : 'is not an http or https address';
  throw new AtlasError('ATLAS_CLIENT_INPUT', `baseUrl of ${name} ${why}`);
}

/** The result of one try: an answer of the document, or why there is none. */
interface Outcome {
  readonly answer?: AnyForeignAnswer;
  readonly code?: 'ATLAS_CLIENT_NETWORK' | 'ATLAS_CLIENT_ANSWER';
  readonly why?: string;
  readonly cause?: unknown;
  /** Whether the outside system failed. */
  readonly fault: boolean;
  /** Whether another try may end differently, and after how many milliseconds if the outside says so. */
  readonly again: boolean;
  readonly waitMs?: number;
}

/** One call with all its tries. */
class ForeignCallRun {
  readonly #label: string;
  readonly #operation: ForeignContract;
  readonly #base: URL;
  readonly #options: ForeignOptions;
  readonly #breaker: Breaker;
  readonly #clock: Clock;
  readonly #watch: Watch;
  readonly #endsAt: number;

  constructor(
    label: string,
    operation: ForeignContract,
    base: URL,
    options: ForeignOptions,
    { breaker, clock, watch }: { readonly breaker: Breaker; readonly clock: Clock; readonly watch: Watch },
  ) {
    this.#label = label;
    this.#operation = operation;
    this.#base = base;
    this.#options = options;
    this.#breaker = breaker;
    this.#clock = clock;
    this.#watch = watch;
    this.#endsAt = this.#clock.monotonic() + (options.deadlineMs ?? DEADLINE_MS);
  }

  async run(input: AnyCallInput): Promise<AnyForeignAnswer> {
    const { signal } = input;
    const key = this.#operation.idempotencyKey ? (input.idempotencyKey ?? crypto.randomUUID()) : undefined;
    const request = this.#requestOf(input, key);
    const isSafe = READS.has(request.method) || key !== undefined;
    const tries = isSafe ? 1 + (this.#options.retries ?? RETRIES) : 1;
    let before: Outcome | undefined;
    for (let attempt = 1; ; attempt++) {
      signal?.throwIfAborted();
      const outcome = await ended(
        this.#breaker.guard(() => this.#attempt(request, signal)),
        signal,
      );
      this.#watch.tried(outcome === undefined ? 'unsent' : outcome.fault ? 'failed' : 'answered');
      signal?.throwIfAborted();
      if (!outcome) return this.#answerOf(before ?? 'open', key);
      const waitMs = outcome.waitMs ?? fullJitter(attempt, JITTER);
      const inTime = this.#clock.monotonic() + waitMs < this.#endsAt;
      if (!outcome.again || attempt >= tries || !inTime) return this.#answerOf(outcome, key);
      before = outcome;
      await pause(waitMs, signal);
    }
  }

  /** Throws ATLAS_CLIENT_INPUT for input that the document does not allow, so that it is not sent. */
  #requestOf(input: AnyCallInput, key: string | undefined): CallRequest {
    const { params = [], validateParams, validateBody } = this.#operation;
    const groups = { path: input.params, query: input.query, header: input.headers };
    // a copy, because the validator fills in defaults, which are left to the outside system
    const given = Object.fromEntries(params.map((group) => [group, { ...groups[group] }]));
    const [wrong] = validateParams?.(given) ?? (input.body === undefined ? [] : (validateBody?.(input.body) ?? []));
    if (wrong)
      throw new AtlasError(
        'ATLAS_CLIENT_INPUT',
        `${this.#label}: the input does not fit the document: ${wrong.pointer} ${wrong.detail}`,
      );
    return requestOf(this.#operation, this.#base, input, key);
  }

  async #attempt(request: CallRequest, signal: AbortSignal | undefined): Promise<Outcome> {
    const {
      token,
      headers: more = {},
      timeoutMs = TIMEOUT_MS,
      maxAnswerBytes = MAX_ANSWER_BYTES,
      fetch = globalThis.fetch,
    } = this.#options;
    const sent = new Headers(request.headers);
    for (const [name, value] of Object.entries(more))
      if (!sent.has(name)) setHeader(sent, name, value, `options.headers.${name}`);
    const bearer = typeof token === 'function' ? await token() : token;
    setHeader(sent, 'authorization', bearer === undefined ? undefined : `Bearer ${bearer}`, 'options.token');
    const left = Math.max(1, Math.min(timeoutMs, this.#endsAt - this.#clock.monotonic()));
    const timeout = AbortSignal.timeout(Math.ceil(left));
    try {
      const response = await fetch(request.url, {
        method: request.method,
        headers: sent,
        ...(request.body === undefined ? {} : { body: request.body }),
        // a redirect is not in the document, and the token is not meant for another server
        redirect: 'manual',
        signal: signal ? AbortSignal.any([timeout, signal]) : timeout,
      });
      const { status } = response;
      const retryAfter = retryAfterOf(response.headers, this.#clock.now());
      const read = await readAnswer(this.#operation, response, { maxBytes: maxAnswerBytes, retryAfter });
      const fault = status >= 500;
      const again = PASSING.has(status) || (status >= 400 && retryAfter !== undefined);
      const waits = retryAfter === undefined ? {} : { waitMs: retryAfter * 1_000 };
      if ('answer' in read) return { answer: read.answer, fault, again, ...waits };
      return { code: 'ATLAS_CLIENT_ANSWER', why: read.wrong, fault, again, ...waits };
    } catch (cause) {
      // a caller that gives up is counted as a failure too, because callers limit the time of a slow outside system in
      // this way
      return { code: 'ATLAS_CLIENT_NETWORK', why: whyOf(cause), cause, fault: true, again: true };
    }
  }

  #answerOf(outcome: Outcome | 'open', idempotencyKey: string | undefined): AnyForeignAnswer {
    if (outcome !== 'open' && outcome.answer) return outcome.answer;
    const { method, path } = this.#operation;
    const what = `${this.#label}: ${method} ${this.#base.origin}${path}`;
    const detail = idempotencyKey === undefined ? undefined : { idempotencyKey };
    if (outcome === 'open')
      throw new AtlasError('ATLAS_CLIENT_OPEN', `${what} is not sent, because the calls before it failed; try later`, {
        detail,
      });
    const { code = 'ATLAS_CLIENT_NETWORK', why = '', cause } = outcome;
    const again = idempotencyKey === undefined ? '' : ', repeat it with the same idempotencyKey';
    const undone = READS.has(method) ? '' : `; it may have been done${again}`;
    throw new AtlasError(code, `${what} ${why}${undone}`, { cause, detail });
  }
}

/** The result of a promise, or a rejection as soon as the signal is aborted. */
async function ended<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const end = (): void => reject(signal.reason);
  signal.addEventListener('abort', end);
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', end);
    // nobody listens to an attempt that ends after the call
    promise.catch(() => {});
  }
}
