import type { ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { AtlasError } from '../../contract/atlasError.ts';
import { clientLeft } from '../../http/clientLeft.ts';
import { Refusal } from '../../http/problem.ts';
import type { StreamedReply } from '../../http/reply.ts';
import type { Counter, Metrics } from '../../ports/metrics.ts';
import { Progress, type ProgressLimits, type Standstill } from './progress.ts';

export interface StreamLimits extends ProgressLimits {
  /** How many such answers are sent at once. Each keeps a session of the database for as long as its client reads. */
  readonly most: number;
}

const MOST = 4;
/** As long as a statement may take. */
const PATIENCE_MS = 30_000;
const SLOWEST_PER_SECOND = 16_384;

export const STREAM_LIMITS: StreamLimits = {
  most: MOST,
  patienceMs: PATIENCE_MS,
  slowestPerSecond: SLOWEST_PER_SECOND,
};

/** For how long a handler may still use its session after nobody listens: as long as a statement may take. */
const GRACE_MS = 30_000;

/** How such an answer ended. */
export interface Ending {
  readonly how: 'whole' | 'client-gone' | Standstill | 'failed';
  /** What the handler threw, if it failed. */
  readonly error?: unknown;
}

/** Why the sending of an answer was stopped. */
class Stopped extends Error {
  readonly how: 'client-gone' | Standstill;
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
      'Answers sent while they were made that ended before their end, by reason: client-gone, failed, too-long, too-slow',
      ['reason'],
    );
    for (const reason of ['client-gone', 'failed', 'too-long', 'too-slow']) this.#broken.add(0, { reason });
  }

  /**
   * Sends an answer as fast as its client reads, and resolves when it has ended. `begin` is called with the first text,
   * and must write the head. Before that, the function rejects with what the handler throws, or with a `Refusal` if too
   * many answers are being sent. After that, an answer that ends early breaks its connection, so that no client takes
   * it for a complete one. `chunks` is closed in any case.
   */
  async send(to: ServerResponse, chunks: StreamedReply['chunks'], begin: () => void): Promise<Ending> {
    const iterator = chunks[Symbol.asyncIterator]();
    if (this.#sending >= this.#limits.most) {
      await iterator.return?.();
      throw new Refusal({
        code: 'busy',
        detail: 'too many long answers are being sent, nothing was done: send the request again',
      });
    }
    this.#sending += 1;
    const stop = new AbortController();
    // a whole answer closes too, and before the promise of its end resolves
    const gone = (): void => {
      if (!to.writableFinished) stop.abort(new Stopped('client-gone'));
    };
    const progress = new Progress(this.#limits, (why) => stop.abort(new Stopped(why)));
    to.once('close', gone);
    if (to.destroyed) gone();
    try {
      await unless(stop.signal, written(to, iterator, begin, progress, stop.signal));
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
      progress.end();
      to.off('close', gone);
      this.#sending -= 1;
    }
  }
}

/** Pieces that are ready at the same time are joined up to this many characters, because each write takes 10 us. */
const PIECE = 16_384;

async function written(
  to: ServerResponse,
  iterator: AsyncIterator<string>,
  begin: () => void,
  progress: Progress,
  stopped: AbortSignal,
): Promise<void> {
  let joined = '';
  let waiting: NodeJS.Immediate | undefined;
  const flush = (): void => {
    clearImmediate(waiting);
    waiting = undefined;
    if (joined !== '' && !stopped.aborted) {
      to.write(joined);
      progress.sent(joined.length);
    }
    joined = '';
  };
  try {
    let next = await iterator.next();
    if (!stopped.aborted) begin();
    while (next.done !== true && !stopped.aborted) {
      progress.made();
      joined += textOf(next.value);
      if (joined.length >= PIECE) flush();
      else waiting ??= setImmediate(flush);
      if (to.writableNeedDrain) await progress.read(to, 'drain', stopped);
      next = await iterator.next();
    }
    if (stopped.aborted) return;
    flush();
    to.end();
    // the client may still leave, or stop reading
    if (!to.writableFinished) await progress.read(to, 'finish', stopped);
  } finally {
    clearImmediate(waiting);
  }
}

/** Checks the type, because a handler in JavaScript, or one with a cast, may give anything. */
function textOf(piece: unknown): string {
  if (typeof piece === 'string') return piece;
  throw new AtlasError('ATLAS_RESPONSE', `a piece of the text is ${typeof piece}`);
}

/** The result of a promise. Rejects with the signal's reason if that comes first. */
async function unless<T>(stopped: AbortSignal, promise: Promise<T>): Promise<T> {
  const { promise: first, resolve, reject } = Promise.withResolvers<T>();
  const abort = (): void => reject(stopped.reason);
  if (stopped.aborted) abort();
  stopped.addEventListener('abort', abort, { once: true });
  promise.then(resolve, reject);
  return first;
}

/** Stops a handler because nobody listens any more, and waits until it has stopped, but not forever. */
async function ended(iterator: AsyncIterator<string>): Promise<void> {
  const waiting = new AbortController();
  // errors of either of them do not matter
  await Promise.allSettled([
    Promise.race([iterator.return?.(), sleep(GRACE_MS, undefined, { signal: waiting.signal })]),
  ]);
  waiting.abort();
}

/**
 * Breaks the connection with a reset, because a client of HTTP/1.0 takes a normal end of the connection for the end of
 * the answer.
 */
function broken(to: ServerResponse): void {
  if (to.socket instanceof Socket) to.socket.resetAndDestroy();
  else to.destroy();
}

function refusalOf({ how }: Stopped): Refusal {
  return how === 'client-gone'
    ? clientLeft()
    : new Refusal({ code: 'unavailable', detail: 'the answer took too long: ask for less' });
}
