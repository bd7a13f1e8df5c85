import rateLimit, { normalizeIP } from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { plumbingReply, RATE_LIMITED, READS, RETRY_AFTER, type Reply } from '@atlas/runtime/gateway';
import type { GatewayRoute } from '@atlas/runtime';
import type { Limits } from '../env.ts';
import type { Counts } from './counts.ts';

/** A class of routes whose requests are counted together. `anonymous` means without an accepted token. */
export type RouteClass = 'read' | 'write' | 'anonymous';

export function classOf({ method, security }: GatewayRoute): RouteClass {
  if (security.length === 0) return 'anonymous';
  return READS.has(method) ? 'read' : 'write';
}

/** Says that there were too many requests. */
export class LimitExceeded extends Error {
  /** The rest of the quota, as headers of the answer. */
  readonly headers: Headers;
  readonly resetSeconds: number;

  constructor(headers: Headers, resetSeconds: number) {
    super('too many requests');
    this.headers = headers;
    this.resetSeconds = resetSeconds;
  }
}

/**
 * Counts a request. Resolves to the rest of the quota, as headers (draft-ietf-httpapi-ratelimit-headers-10). Throws
 * `LimitExceeded`.
 */
export type Limiter = (request: FastifyRequest, routeClass: RouteClass, principal: string) => Promise<Headers>;

type Headers = Readonly<Record<string, string>>;

const PRINCIPAL = 'principal';

/** Counts the requests of a principal per class of routes. */
export async function limiter(app: FastifyInstance, limits: Limits, counts: Counts): Promise<Limiter> {
  const windowMs = limits.windowSeconds * 1_000;
  app.decorateRequest(PRINCIPAL, '');
  await app.register(rateLimit, { global: false, store: storeOf(counts, windowMs) });
  const one = (routeClass: RouteClass): ((request: FastifyRequest) => Promise<Headers>) => {
    const quota = limits[routeClass];
    const policy = `"${routeClass}";q=${quota};w=${limits.windowSeconds}`;
    const check = app.createRateLimit({
      max: quota,
      timeWindow: windowMs,
      keyGenerator: (request) => `${routeClass}:${request.getDecorator<string>(PRINCIPAL)}`,
    });
    return async (request) => {
      const found = await check(request);
      if (found.isAllowed) return {};
      const headers = {
        ratelimit: `"${routeClass}";r=${found.remaining};t=${found.ttlInSeconds}`,
        'ratelimit-policy': policy,
      };
      if (found.isExceeded) throw new LimitExceeded(headers, found.ttlInSeconds);
      return headers;
    };
  };
  const byClass = { read: one('read'), write: one('write'), anonymous: one('anonymous') };
  return (request, routeClass, principal) => {
    request.setDecorator(PRINCIPAL, principal);
    return byClass[routeClass](request);
  };
}

/** The key of the quota for a request without a token: the address, or for IPv6 the client's network. */
export function addressOf(request: FastifyRequest): string {
  return normalizeIP(request.ip);
}

/** 429, with the time until there is quota again. */
export function limitedReply({ headers, resetSeconds }: LimitExceeded, correlationId: string): Reply {
  return plumbingReply(RATE_LIMITED, correlationId, {
    ...headers,
    [RETRY_AFTER]: String(Math.max(1, resetSeconds)),
  });
}

/** The counts in the form for @fastify/rate-limit: a class, of which it makes one instance per limit. */
function storeOf(counts: Counts, windowMs: number): rateLimit.FastifyRateLimitStoreCtor {
  return class Store implements rateLimit.FastifyRateLimitStore {
    incr(key: string, give: (error: Error | null, result?: { current: number; ttl: number }) => void): void {
      const counted = counts.add(key, windowMs);
      if (counted instanceof Promise)
        counted.then(
          (result) => give(null, result),
          (error: Error) => give(error),
        );
      else give(null, counted);
    }
    child(): Store {
      return this;
    }
  };
}
