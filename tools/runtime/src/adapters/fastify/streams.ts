import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Refusal } from '../../http/problem.ts';
import type { StreamedReply } from '../../http/reply.ts';
import type { Counter, Metrics } from '../../ports/metrics.ts';

export interface StreamLimits {
  /** How many such answers are sent at once. Each keeps a session of the database for as long as its client reads. */
  readonly most: number;
  /** Milliseconds that one may take, from its first text to its last. */
  readonly longestMs: number;
}

const MOST = 4;
const LONGEST_MS = 120_000;

export const STREAM_LIMITS: StreamLimits = { most: MOST, longestMs: LONGEST_MS };

/** For how long a handler that nobody listens to may still use its session: as long as a statement may take. */
const GRACE_MS = 30_000;

/** How an answer ended that was sent while it was made. */
export interface Ending {
  readonly how: 'whole' | 'client-gone' | 'too-long' | 'failed';
  /** What the handler threw, if it failed. */
  readonly error?: unknown;
}

/** Why an answer is not sent on. */
class Stopped extends Error {
  readonly how: 'client-gone' | 'too-long';
  constructor(how: Stopped['how']) {
    super(how);
    this.how = how;
  }
}

/** Sends answers whose text is made while it is sent. */
export class Streams {
  readonly #limits: StreamLimits;
  readonly #broken: Counter;
  #sending = 0;

  constructor(limits: StreamLimits, metrics: Metrics) {
    this.#limits = limits;
    this.#broken = metrics.counter(
      'atlas_http_broken_streams_total',
      'Answers sent while they were made that ended before their end, by reason: client-gone, failed, too-long',
      ['reason'],
    );
    for (const reason of ['client-gone', 'failed', 'too-long']) this.#broken.add(0, { reason });
  }

  /**
   * Sends an answer as fast as its client reads, and resolves when it has ended. `begin` is called with the first text,
   * and must write the head. Before that, the function rejects with what the handler throws, or with a `Refusal` if too
   * many answers are being sent. After that, an answer that ends early breaks its connection, so that no client takes
   * it for a whole one. Whatever happens, `chunks` is closed.
   */
  async send(to: ServerResponse, chunks: StreamedReply['chunks'], begin: () => void): Promise<Ending> {
    const iterator = chunks[Symbol.asyncIterator]();
    if (this.#sending >= this.#limits.most) {
      await iterator.return?.();
      throw new Refusal({ code: 'busy', detail: 'too many long answers are being sent, nothing was done: ask again' });
    }
    this.#sending += 1;
    const stop = new AbortController();
    const gone = (): void => stop.abort(new Stopped('client-gone'));
    const timer = setTimeout(() => stop.abort(new Stopped('too-long')), this.#limits.longestMs);
    to.once('close', gone);
    if (to.destroyed) gone();
    try {
      await written(to, iterator, begin, stop.signal);
      return { how: 'whole' };
    } catch (error) {
      const why: unknown = stop.signal.aborted ? stop.signal.reason : error;
      const how = why instanceof Stopped ? why.how : 'failed';
      this.#broken.add(1, { reason: how });
      const hasBegun = to.headersSent;
      if (hasBegun) broken(to);
      await ended(iterator);
      if (!hasBegun) throw why instanceof Stopped ? refusalOf(why) : why;
      return { how, error: why };
    } finally {
      clearTimeout(timer);
      to.off('close', gone);
      this.#sending -= 1;
    }
  }
}

async function written(
  to: ServerResponse,
  iterator: AsyncIterator<string>,
  begin: () => void,
  stopped: AbortSignal,
): Promise<void> {
  let next = await unless(stopped, iterator.next());
  begin();
  while (next.done !== true) {
    if (!to.write(next.value)) await once(to, 'drain', { signal: stopped });
    next = await unless(stopped, iterator.next());
  }
  to.end();
  // the client may still leave, and the limit still counts
  if (!to.writableFinished) await once(to, 'finish', { signal: stopped });
}

/** What a promise resolves to. Rejects with the signal's reason if that comes first. */
async function unless<T>(stopped: AbortSignal, promise: Promise<T>): Promise<T> {
  const { promise: end, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(stopped.reason);
  if (stopped.aborted) abort();
  stopped.addEventListener('abort', abort);
  try {
    return await Promise.race([promise, end]);
  } finally {
    stopped.removeEventListener('abort', abort);
  }
}

/** Tells a handler that nobody listens any more, and waits until it has stopped, but not for ever. */
async function ended(iterator: AsyncIterator<string>): Promise<void> {
  const waiting = new AbortController();
  // what either of them rejects with changes nothing
  await Promise.allSettled([
    Promise.race([iterator.return?.(), sleep(GRACE_MS, undefined, { signal: waiting.signal })]),
  ]);
  waiting.abort();
}

/** With a reset, because a client of HTTP/1.0 takes the end of a connection for the end of the answer. */
function broken(to: ServerResponse): void {
  if (to.socket instanceof Socket) to.socket.resetAndDestroy();
  else to.destroy();
}

function refusalOf({ how }: Stopped): Refusal {
  return how === 'too-long'
    ? new Refusal({ code: 'unavailable', detail: 'the answer took too long: ask for less' })
    : new Refusal({ code: 'malformed-request', detail: 'the client has left' });
}
