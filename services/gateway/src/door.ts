import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor, GatewayRoute } from '@atlas/runtime';
import {
  authorize,
  correlationIdOf,
  hasUnreadBody,
  lifecycleHeaders,
  RESPONSE_HEADER,
  sendReply,
  type Log,
  type Observe,
  type Reply,
} from '@atlas/runtime/gateway';
import { ClientGone, Exchange } from './forward/exchange.ts';
import { failureOf } from './forward/failure.ts';
import { requestBody } from './forward/requestBody.ts';
import { passedHeaders, requestHeaders } from './forward/requestHeaders.ts';
import { requestTarget } from './forward/requestTarget.ts';
import type { Upstream } from './forward/upstream.ts';
import { classOf, limitedReply, type Limiter } from './limits/limiter.ts';
import type { Tokens } from './tokens.ts';

/** How servers log that the client has left before the answer. It is not sent to anybody. */
const CLIENT_GONE = 499;

/** What the doors of all routes share. */
export interface DoorParts {
  readonly tokens: Tokens;
  readonly limit: Limiter;
  readonly log: Log;
  /** Headers of every answer. */
  readonly security: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

interface OneRoute {
  readonly route: GatewayRoute;
  readonly upstream: Upstream;
  readonly observe: Observe;
  readonly arrivedAt: (request: FastifyRequest) => number;
}

/** A request on its way through the gateway. */
interface Visit {
  readonly correlationId: string;
  readonly startedAt: number;
  readonly actor: Actor | undefined;
  /** Headers of the answer, whoever gives it. */
  readonly own: Readonly<Record<string, string>>;
}

/** Handles the requests of one route: who may pass, how often, and then the way to the service and back. */
export function door(parts: DoorParts, one: OneRoute): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  const { route, upstream, observe } = one;
  const lifecycle = lifecycleHeaders(route);
  const passed = passedHeaders(route);
  const routeClass = classOf(route);
  const timeoutMs = route.timeoutMs ?? parts.timeoutMs;

  return async (request, reply) => {
    const correlationId = correlationIdOf(request.raw.headers['x-correlation-id']);
    let visit: Visit = {
      correlationId,
      startedAt: one.arrivedAt(request),
      actor: undefined,
      own: { ...parts.security, ...lifecycle, [RESPONSE_HEADER.correlationId]: correlationId },
    };
    try {
      const actor = route.security.length === 0 ? undefined : await authenticated(request);
      visit = { ...visit, actor };
      const verdict = await parts.limit(request, routeClass, actor?.id ?? request.ip);
      visit = { ...visit, own: { ...visit.own, ...verdict.headers } };
      if (verdict.isExceeded) return answer(reply, visit, limitedReply(verdict, correlationId));
      if (actor) authorize({ id: route.operationId, security: route.security }, actor);
      await forwarded(request, reply, visit);
    } catch (error) {
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

  /** Tokens that are not known cost a verification, so that their number is limited by address. */
  async function authenticated(request: FastifyRequest): Promise<Actor> {
    const { headers } = request.raw;
    return parts.tokens.known(headers.authorization) ?? parts.tokens.verify(headers);
  }

  async function forwarded(request: FastifyRequest, reply: FastifyReply, visit: Visit): Promise<void> {
    const { raw } = request;
    const { correlationId, own } = visit;
    const path = requestTarget(raw.url ?? '/');
    const body = await requestBody(raw, route);
    const caller = { address: request.ip, protocol: request.protocol, host: request.host, correlationId };
    const outgoing = {
      method: raw.method === 'HEAD' ? 'HEAD' : route.method,
      path,
      headers: requestHeaders(raw.headers, passed, caller),
      body,
    } as const;
    let exchange: Exchange | undefined;
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) exchange?.abort(new ClientGone());
    });
    const answerOwn = { ...own, ...headersSoFar(reply), ...(hasUnreadBody(raw) ? { connection: 'close' } : {}) };
    await upstream.send(outgoing, () => {
      exchange = new Exchange(reply.raw, { own: answerOwn, timeoutMs });
      return exchange;
    });
    reply.hijack();
    await exchange?.ended;
    if (exchange?.isBroken === true)
      parts.log.warn({ service: route.service, operation: route.operationId, correlationId }, 'the answer broke off');
    watched(visit, reply.raw.headersSent ? reply.raw.statusCode : CLIENT_GONE);
  }

  function answer(reply: FastifyReply, visit: Visit, { status, headers, body }: Reply): void {
    sendReply(reply, { status, headers: { ...visit.own, ...headers }, body }, visit.correlationId);
    watched(visit, status);
  }

  function watched({ startedAt, correlationId, actor }: Visit, status: number): void {
    observe({ status, startedAt, correlationId, actor: actor?.id });
  }
}

/** What plugins have added to an answer so far: the headers of CORS. */
function headersSoFar(reply: FastifyReply): Record<string, string> {
  const entries = Object.entries(reply.getHeaders());
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])));
}
