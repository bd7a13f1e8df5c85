import { AtlasError } from '../contract/atlasError.ts';
import { READS } from '../contract/operation.ts';
import { fullJitter } from '../time/fullJitter.ts';
import { answerOf, asksAgain, secondsOf, type AnyAnswer } from './answerOf.ts';
import { requestOf, setHeader, type AnyCallInput, type CallRequest, type CallContract } from './requestOf.ts';

export interface CallOptions {
  /** The address of the service: `https://tickets.example.org`. Its path is put before the operation's path. */
  readonly baseUrl: string;
  /**
   * Sent as `Authorization: Bearer` (RFC 6750). A function is called for each try, so that the token may be a new one.
   */
  readonly token?: string | (() => string | Promise<string>);
  /** Sent with each request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds that one try may take; 30,000 by default. */
  readonly timeoutMs?: number;
  /**
   * How often a request that may have failed by chance is sent again; 2 by default. Only reads and requests with an
   * Idempotency-Key are sent again, because others could be done twice.
   */
  readonly retries?: number;
  /** Replaces the global `fetch`. */
  readonly fetch?: (url: URL, init: RequestInit) => Promise<Response>;
}

/** Statuses of a proxy that does not reach the service or that limits requests. */
const PASSING: ReadonlySet<number> = new Set([429, 502, 503, 504]);
const JITTER = { baseMs: 100, capMs: 2_000 };
/** If the service asks for a longer wait, the caller decides. */
const LONGEST_WAIT_MS = 5_000;

/**
 * A function for each operation. Each resolves to an answer of the contract, problems included. It rejects with
 * `AtlasError`: ATLAS_CLIENT_NETWORK without an answer, ATLAS_CLIENT_ANSWER for an answer that is not in the contract,
 * both with `detail.idempotencyKey` for repeating a command; ATLAS_CLIENT_INPUT for input that cannot be sent.
 */
export function callsOf<Calls extends object>(
  operations: { readonly [Id in keyof Calls]: CallContract },
  options: CallOptions,
): Calls {
  const base = baseOf(options.baseUrl);
  const calls = Object.entries<CallContract>(operations).map(([id, operation]) => [
    id,
    (input: AnyCallInput = {}) => call(id, operation, base, input, options),
  ]);
  // cast: the data and the type of each operation are generated from one spec
  return Object.fromEntries(calls) as Calls;
}

function baseOf(text: string): URL {
  const base = URL.parse(text);
  if (base?.protocol === 'http:' || base?.protocol === 'https:') return base;
  throw new AtlasError('ATLAS_CLIENT_INPUT', `baseUrl is not an http or https address: ${text}`);
}

async function call(
  id: string,
  operation: CallContract,
  base: URL,
  input: AnyCallInput,
  options: CallOptions,
): Promise<AnyAnswer> {
  const key = operation.idempotencyKey ? (input.idempotencyKey ?? crypto.randomUUID()) : undefined;
  const request = requestOf(operation, base, input, key);
  const tries = READS.has(request.method) || key !== undefined ? 1 + (options.retries ?? 2) : 1;
  for (let attempt = 1; ; attempt++) {
    const outcome = await attemptOnce(operation, request, options, input);
    const waitMs = outcome.waitMs ?? fullJitter(attempt, JITTER);
    if (!outcome.again || attempt >= tries || waitMs > LONGEST_WAIT_MS) {
      if (outcome.answer) return outcome.answer;
      throw failed(id, request, outcome, key);
    }
    await pause(waitMs, input.signal);
  }
}

/** The result of one try: an answer of the contract, or why there is none. */
interface Outcome {
  readonly answer?: AnyAnswer;
  readonly code?: 'ATLAS_CLIENT_NETWORK' | 'ATLAS_CLIENT_ANSWER';
  readonly why?: string;
  readonly cause?: unknown;
  /** Whether another try may end differently, and after how many milliseconds if the service says so. */
  readonly again: boolean;
  readonly waitMs?: number;
}

async function attemptOnce(
  operation: CallContract,
  { url, method, headers, body }: CallRequest,
  { token, headers: more = {}, timeoutMs = 30_000, fetch = globalThis.fetch }: CallOptions,
  { signal, accept }: AnyCallInput,
): Promise<Outcome> {
  const sent = new Headers(headers);
  for (const [name, value] of Object.entries(more))
    if (!sent.has(name)) setHeader(sent, name, value, `options.headers.${name}`);
  const bearer = typeof token === 'function' ? await token() : token;
  setHeader(sent, 'authorization', bearer === undefined ? undefined : `Bearer ${bearer}`, 'options.token');
  const timeout = AbortSignal.timeout(timeoutMs);
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      method,
      headers: sent,
      ...(body === undefined ? {} : { body }),
      // a redirect is not in the contract, and the token is not meant for another server
      redirect: 'manual',
      signal: signal ? AbortSignal.any([timeout, signal]) : timeout,
    });
    text = await response.text();
  } catch (cause) {
    signal?.throwIfAborted();
    return { code: 'ATLAS_CLIENT_NETWORK', why: whyOf(cause), cause, again: true };
  }
  const seconds = secondsOf(response.headers);
  const waits = seconds === undefined ? {} : { waitMs: seconds * 1_000 };
  const answer = answerOf(operation, response, text, accept);
  const passes = PASSING.has(response.status);
  // an answer to HEAD does not say which problem it is
  if (answer) return { answer, again: asksAgain(answer) || (method === 'HEAD' && passes), ...waits };
  const said = `${response.status} ${response.headers.get('content-type') ?? 'without a content type'}`;
  const why = `answers ${said}, which is not in the contract: ${text.slice(0, 200)}`;
  return { code: 'ATLAS_CLIENT_ANSWER', why, again: passes, ...waits };
}

/** The message of `fetch` is "fetch failed"; its cause says what happened. */
export function whyOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return `gives no answer: ${error.message}${cause instanceof Error ? `: ${cause.message || codeOf(cause)}` : ''}`;
}

/** For the error of several addresses, which has no message of its own. */
function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : error.name;
}

function failed(
  id: string,
  { url, method }: CallRequest,
  { code = 'ATLAS_CLIENT_NETWORK', why = '', cause }: Outcome,
  idempotencyKey: string | undefined,
): AtlasError {
  const undone = READS.has(method)
    ? ''
    : `; it may have been done${idempotencyKey === undefined ? '' : ', repeat it with the same idempotencyKey'}`;
  const detail = idempotencyKey === undefined ? undefined : { idempotencyKey };
  return new AtlasError(code, `${id}: ${method} ${url.origin}${url.pathname} ${why}${undone}`, { cause, detail });
}

/** Rejects with the signal's reason if the signal ends the wait. */
export async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const end = (): void => reject(signal?.reason);
  const timer = setTimeout(resolve, ms);
  signal?.addEventListener('abort', end);
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
  }
}
