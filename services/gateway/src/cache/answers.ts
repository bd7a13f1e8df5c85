import type { IncomingHttpHeaders } from 'node:http';
import { LRUCache } from 'lru-cache';
import type { Actor, GatewayRoute } from '@atlas/runtime';
import { matchesNone } from '@atlas/runtime/gateway';
import type { Tap } from '../forward/exchange.ts';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** A cached answer. */
export interface Kept {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly etag: string | undefined;
  /** In milliseconds, by `Date.now()`. */
  readonly since: number;
}

const MAX_BYTES = 64 * 1024 * 1024;
const MAX_ANSWER_BYTES = 1024 * 1024;

/**
 * The headers that are cached: those about the content, and those about what a page may do. Others belong to one
 * request, such as its correlation id.
 */
const KEPT = [
  'content-encoding',
  'content-language',
  'content-security-policy',
  'content-type',
  'etag',
  'last-modified',
  'referrer-policy',
  'vary',
  'x-frame-options',
];

/** Answers of services in memory. The least recently used ones are removed first. */
export class Answers {
  readonly #kept = new LRUCache<string, Kept>({
    maxSize: MAX_BYTES,
    sizeCalculation: ({ body }, key) => body.length + key.length + 512,
  });

  get(key: string): Kept | undefined {
    return this.#kept.get(key);
  }

  keep(key: string, kept: Kept): void {
    this.#kept.set(key, kept);
  }
}

/**
 * The key of an answer: the request, and the caller if only the caller may get the answer. The key includes roles,
 * because a service may show more to a manager, and the headers that the operation reads.
 */
export function answerKey(
  { service, cache, headers = [] }: GatewayRoute,
  path: string,
  actor: Actor | undefined,
  received: IncomingHttpHeaders,
): string {
  const whose = cache?.scope === 'principal' && actor ? [actor.id, ...actor.roles.toSorted()] : [];
  const read = ['accept', 'accept-language', ...headers].map((name) => received[name] ?? null);
  return JSON.stringify([service, path, read, whose]);
}

/** Whether an answer is young enough to be used again. */
export function isFresh({ since }: Kept, { cache }: GatewayRoute): boolean {
  return cache !== undefined && Date.now() - since < cache.maxAgeSeconds * 1_000;
}

/**
 * A kept answer as a reply to GET or HEAD: 304 if the client has it (RFC 9110, section 13.1.2). Other caches must keep
 * an answer to a request with a token only for its caller.
 */
export function keptReply(
  { headers, body, etag, since }: Kept,
  { cache, security }: GatewayRoute,
  ifNoneMatch: string | undefined,
): {
  readonly status: 200 | 304;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
} {
  const age = Math.floor((Date.now() - since) / 1_000);
  const whose = security.length === 0 ? 'public' : 'private';
  const more = { 'cache-control': `${whose}, max-age=${cache?.maxAgeSeconds ?? 0}`, age: String(Math.max(0, age)) };
  if (etag !== undefined && matchesNone(ifNoneMatch, etag)) {
    const { 'content-type': _, ...others } = headers;
    return { status: 304, headers: { ...others, ...more }, body: undefined };
  }
  return { status: 200, headers: { ...headers, ...more }, body };
}

/** Collects an answer that may be cached, and notices if the cached one is still valid. */
export class Collector implements Tap {
  readonly #chunks: Buffer[] = [];
  readonly #before: Kept | undefined;
  #headers: Readonly<Record<string, string>> | undefined;
  #kept: Kept | undefined;
  #isUnchanged = false;
  #bytes = 0;

  /** `before` is the answer whose entity tag was sent as If-None-Match. */
  constructor(before: Kept | undefined) {
    this.#before = before;
  }

  /** The answer that was collected, once it is complete. */
  get kept(): Kept | undefined {
    return this.#kept;
  }

  head(status: number, headers: Headers): boolean {
    this.#isUnchanged = status === 304 && this.#before !== undefined;
    const length = headers['content-length'];
    const isKeepable = !headers['set-cookie'] && headers['vary'] !== '*' && Number(length ?? 0) <= MAX_ANSWER_BYTES;
    if (status === 200 && isKeepable)
      this.#headers = Object.fromEntries(
        KEPT.flatMap((name) => (headers[name] === undefined ? [] : [[name, String(headers[name])]])),
      );
    // an answer of unknown length goes to the client at once, because it may turn out to be long
    return this.#isUnchanged || (this.#headers !== undefined && length !== undefined);
  }

  data(chunk: Buffer): void {
    if (!this.#headers) return;
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes <= MAX_ANSWER_BYTES) return;
    this.#headers = undefined;
    this.#chunks.length = 0;
  }

  end(): void {
    const since = Date.now();
    if (this.#isUnchanged && this.#before) this.#kept = { ...this.#before, since };
    else if (this.#headers)
      this.#kept = { headers: this.#headers, body: Buffer.concat(this.#chunks), etag: this.#headers['etag'], since };
  }
}
