import { normalizeIP } from '@fastify/rate-limit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor, GatewayRoute } from '@atlas/runtime';
import {
  authorize,
  correlationIdOf,
  hasUnreadBody,
  lifecycleHeaders,
  Refusal,
  RESPONSE_HEADER,
  sendReply,
  type Log,
  type Observe,
  type Reply,
} from '@atlas/runtime/gateway';
import { answerKey, Collector, isFresh, keptReply, type Answers } from './cache/answers.ts';
import { bothVary } from './forward/answerHeaders.ts';
import { ClientGone, Exchange, type Tap } from './forward/exchange.ts';
import { failureOf } from './forward/failure.ts';
import { requestBody } from './forward/requestBody.ts';
import { passedHeaders, requestHeaders } from './forward/requestHeaders.ts';
import { requestTarget } from './forward/requestTarget.ts';
import { NoAnswer, type Upstream } from './forward/upstream.ts';
import { classOf, LimitExceeded, limitedReply, type Limiter } from './limits/limiter.ts';
import type { Tokens } from './tokens.ts';

/** How servers log that the client has left before the answer. It is not sent to anybody. */
const CLIENT_GONE = 499;

/** What the doors of all routes share. */
export interface DoorParts {
  readonly tokens: Tokens;
  readonly limit: Limiter;
  readonly answers: Answers;
  readonly log: Log;
  /** Headers of every answer. */
  readonly security: Headers;
  /** Whether plugins add headers to answers. */
  readonly hasPlugins: boolean;
  readonly timeoutMs: number;
}

type Headers = Readonly<Record<string, string>>;

interface OneRoute {
  readonly route: GatewayRoute;
  readonly upstream: Upstream;
  readonly observe: Observe;
  readonly arrivedAt: (request: FastifyRequest) => number;
}

/** A reply whose body may be bytes. */
type AnyReply = Omit<Reply, 'body'> & { readonly body: string | Buffer | undefined };

/** How a request is sent to a service. */
interface How {
  readonly path: string;
  readonly isHead: boolean;
  readonly tap?: Tap;
  /** The entity tag of an answer that is kept. */
  readonly known?: string | undefined;
}

/** A request on its way through the gateway. */
interface Visit {
  readonly correlationId: string;
  readonly startedAt: number;
  readonly actor: Actor | undefined;
  /** What is left of the caller's quota, as headers of the answer. */
  readonly quota: Headers | undefined;
}

/** Handles the requests of one route: who may pass, how often, and then the way to the service and back. */
export function door(parts: DoorParts, one: OneRoute): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  const { route, upstream, observe } = one;
  const always = { ...parts.security, ...lifecycleHeaders(route) };
  const passed = passedHeaders(route);
  const routeClass = classOf(route);
  const timeoutMs = route.timeoutMs ?? parts.timeoutMs;

  return async (request, reply) => {
    const correlationId = correlationIdOf(request.raw.headers['x-correlation-id']);
    const startedAt = one.arrivedAt(request);
    let visit: Visit = { correlationId, startedAt, actor: undefined, quota: undefined };
    try {
      const actor = route.security.length === 0 ? undefined : await authenticated(request);
      visit = { correlationId, startedAt, actor, quota: undefined };
      const quota = await parts.limit(request, routeClass, actor?.id ?? addressOf(request));
      visit = { correlationId, startedAt, actor, quota };
      if (actor) authorize({ id: route.operationId, security: route.security }, actor);
      await passedOn(request, reply, visit);
    } catch (error) {
      if (error instanceof LimitExceeded) return answer(reply, visit, limitedReply(error, correlationId));
      const failure = failureOf(error, route, correlationId);
      if (failure.fault)
        parts.log.error(
          { err: error, service: route.service, operation: route.operationId, correlationId },
          'no answer',
        );
      // the client has left, or there is nothing that it could still be told
      if (reply.sent) return;
      answer(reply, visit, failure.reply);
    }
  };

  /** A token that is not known costs a verification, so that their number is limited by address. */
  async function authenticated(request: FastifyRequest): Promise<Actor> {
    const { headers } = request.raw;
    const known = parts.tokens.known(headers.authorization);
    if (known) return known;
    await parts.limit(request, 'anonymous', addressOf(request));
    return parts.tokens.verify(headers);
  }

  /** Gives the answer that is kept, or gets one. */
  async function passedOn(request: FastifyRequest, reply: FastifyReply, visit: Visit): Promise<void> {
    const { raw } = request;
    const path = requestTarget(raw.url ?? '/');
    const isHead = raw.method === 'HEAD';
    if (route.cache === undefined) return void (await forwarded(request, reply, visit, { path, isHead }));
    // Cache-Control of a request is a wish (RFC 9111, section 5.2.1), and fetch sends it with each If-None-Match
    const ifNoneMatch = raw.headers['if-none-match'];
    const key = answerKey(route, path, visit.actor, raw.headers);
    const kept = parts.answers.get(key);
    if (kept && isFresh(kept, route)) return answer(reply, visit, keptReply(kept, route, ifNoneMatch));
    // an answer to HEAD has no body to keep
    if (isHead) return void (await forwarded(request, reply, visit, { path, isHead }));
    const collector = new Collector(kept?.etag === undefined ? undefined : kept);
    const isSent = await forwarded(request, reply, visit, { path, isHead, tap: collector, known: kept?.etag });
    // the answer went to the client, or the client has left
    if (collector.kept === undefined) return void (isSent || reply.hijack());
    parts.answers.keep(key, collector.kept);
    if (!isSent) answer(reply, visit, keptReply(collector.kept, route, ifNoneMatch));
  }

  /** Sends the request to the service, and its answer to the client: true. If `tap` takes the answer: false. */
  async function forwarded(request: FastifyRequest, reply: FastifyReply, visit: Visit, how: How): Promise<boolean> {
    const { raw } = request;
    const { correlationId, quota } = visit;
    const body = await requestBody(raw, route);
    const caller = { address: request.ip, protocol: request.protocol, host: request.host, correlationId };
    const headers = requestHeaders(raw.headers, passed, caller);
    if (how.tap) {
      delete headers['if-none-match'];
      if (how.known !== undefined) headers['if-none-match'] = how.known;
    }
    const method = how.isHead ? 'HEAD' : route.method;
    let exchange: Exchange | undefined;
    if (reply.raw.destroyed) throw new Refusal({ code: 'malformed-request', detail: 'the client has left' });
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) exchange?.abort(new ClientGone());
    });
    const own = {
      ...always,
      ...quota,
      [RESPONSE_HEADER.correlationId]: correlationId,
      ...(parts.hasPlugins ? headersSoFar(reply) : undefined),
      ...(hasUnreadBody(raw) ? { connection: 'close' } : undefined),
    };
    await upstream.send({ method, path: how.path, headers, body }, () => {
      exchange = new Exchange(reply.raw, { own, timeoutMs, tap: how.tap });
      return exchange;
    });
    if (exchange?.isTapped === true) {
      await exchange.ended;
      if (exchange.isBroken) throw new NoAnswer('its answer broke off');
      return false;
    }
    reply.hijack();
    await exchange?.ended;
    if (exchange?.isBroken === true)
      parts.log.warn({ service: route.service, operation: route.operationId, correlationId }, 'the answer broke off');
    watched(visit, reply.raw.headersSent ? reply.raw.statusCode : CLIENT_GONE);
    return true;
  }

  function answer(reply: FastifyReply, visit: Visit, { status, headers, body }: AnyReply): void {
    const vary = parts.hasPlugins ? bothVary(reply.getHeader('vary'), headers['vary']) : undefined;
    sendReply(
      reply,
      { status, headers: { ...always, ...visit.quota, ...headers, ...vary }, body },
      visit.correlationId,
    );
    watched(visit, status);
  }

  function watched({ startedAt, correlationId, actor }: Visit, status: number): void {
    observe({ status, startedAt, correlationId, actor: actor?.id });
  }
}

/** Whose quota a request without a token uses: that of an address, or of the IPv6 network that a client has. */
function addressOf(request: FastifyRequest): string {
  return normalizeIP(request.ip);
}

/** What plugins have added to an answer so far: the headers of CORS. */
function headersSoFar(reply: FastifyReply): Headers {
  const entries = Object.entries(reply.getHeaders());
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])));
}
