import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor, GatewayRoute } from '@atlas/runtime';
import {
  authorize,
  clientLeft,
  correlationIdOf,
  hasUnreadBody,
  lifecycleHeaders,
  READS,
  RESPONSE_HEADER,
  sendReply,
  type Log,
  type Observe,
  type Reply,
  type TokenVerifier,
} from '@atlas/runtime/gateway';
import { answerKey, Collector, isFresh, keptReply, type Answers } from './cache/answers.ts';
import { varyOf } from './forward/answerHeaders.ts';
import { ClientGone, Exchange, type Tap } from './forward/exchange.ts';
import { requestBody } from './forward/requestBody.ts';
import { passedHeaders, requestHeaders } from './forward/requestHeaders.ts';
import { requestTarget } from './forward/requestTarget.ts';
import { failureOf, NoAnswer, type Upstream } from './forward/upstream.ts';
import { addressOf, classOf, LimitExceeded, limitedReply, type Limiter } from './limits/limiter.ts';
import type { Login } from './login/login.ts';
import { isForPerson, isNavigation } from './login/navigation.ts';
import { authorizationOf, ofSession, type Session } from './login/sessions.ts';
import { ProblemCatcher } from './pages/problemCatcher.ts';
import { readable } from './pages/problemPage.ts';

/** The status in logs if the client has left before the answer. It is never sent. */
const CLIENT_GONE = 499;

/** What the doors of all routes share. */
export interface DoorParts {
  readonly authenticator: TokenVerifier;
  readonly limit: Limiter;
  readonly answers: Answers;
  readonly log: Log;
  /** Headers of every answer. */
  readonly security: Headers;
  /** Whether plugins add headers to answers. */
  readonly hasPlugins: boolean;
  readonly timeoutMs: number;
  /** Absent if nobody can log in here. */
  readonly login: Login | undefined;
}

/** Thrown if a person must log in before the page is shown. */
class LoginNeeded extends Error {}

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
  /** The entity tag of a cached answer. */
  readonly known?: string | undefined;
}

/** A request on its way through the gateway. */
interface Visit {
  readonly correlationId: string;
  readonly startedAt: number;
  readonly actor: Actor | undefined;
  /** The rest of the caller's quota, as headers of the answer. */
  readonly quota: Headers | undefined;
  /** The session of the cookie. Undefined if the request has a token. */
  readonly session: Session | undefined;
}

/** Handles the requests of one route: checks who may pass and how often, then forwards the request and its answer. */
export function door(parts: DoorParts, one: OneRoute): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  const { route, upstream, observe } = one;
  const { login } = parts;
  // a person may read it, identified by a cookie
  const isPersonal = route.security.length > 0 && READS.has(route.method);
  const always: Headers = {
    ...parts.security,
    ...lifecycleHeaders(route),
    ...(isPersonal && login ? { vary: 'accept, cookie, sec-fetch-mode' } : {}),
  };
  const passed = passedHeaders(route);
  const routeClass = classOf(route);
  const timeoutMs = route.timeoutMs ?? parts.timeoutMs;

  return async (request, reply) => {
    const correlationId = correlationIdOf(request.raw.headers['x-correlation-id']);
    const startedAt = one.arrivedAt(request);
    let visit: Visit = { correlationId, startedAt, actor: undefined, quota: undefined, session: undefined };
    try {
      const session = isPersonal ? await login?.sessionOf(request.raw) : undefined;
      visit = { ...visit, session };
      const actor = route.security.length === 0 ? undefined : await authenticated(request, session);
      visit = { ...visit, actor };
      const quota = await parts.limit(request, routeClass, actor?.id ?? addressOf(request));
      visit = { ...visit, quota };
      if (actor) authorize({ id: route.operationId, security: route.security }, actor);
      await passedOn(request, reply, visit);
    } catch (error) {
      if (error instanceof LimitExceeded) return refuse(request, reply, visit, limitedReply(error, correlationId));
      if (error instanceof LoginNeeded) return answer(reply, visit, redirect(request));
      const failure = failureOf(error, route, correlationId);
      if (failure.fault)
        parts.log.error(
          { err: error, service: route.service, operation: route.operationId, correlationId },
          'no answer',
        );
      // the client has left, or an answer has begun already
      if (reply.sent) return;
      refuse(request, reply, visit, failure.reply);
    }
  };

  /** Answers with a problem, or with a page that says the same to a person. */
  function refuse({ raw }: FastifyRequest, reply: FastifyReply, visit: Visit, problem: Reply): void {
    const loginUrl = problem.status === 401 ? login?.urlFor(raw.url ?? '/') : undefined;
    answer(reply, visit, readable(raw, problem, { security: route.security, loginUrl }));
  }

  function redirect({ raw }: FastifyRequest): Reply {
    return { status: 302, headers: { location: login?.urlFor(raw.url ?? '/') ?? '/' }, body: undefined };
  }

  /** Verifying an unknown token costs time, so the number of unknown tokens is limited per address. */
  async function authenticated(request: FastifyRequest, session: Session | undefined): Promise<Actor> {
    const authorization = authorizationOf(session) ?? request.raw.headers.authorization;
    const known = parts.authenticator.known({ authorization });
    if (known) return known;
    await parts.limit(request, 'anonymous', addressOf(request));
    if (login && authorization === undefined && isNavigation(request.raw)) throw new LoginNeeded();
    return parts.authenticator.authenticate({ authorization });
  }

  /** Answers from the cache, or gets an answer from the service. */
  async function passedOn(request: FastifyRequest, reply: FastifyReply, visit: Visit): Promise<void> {
    const { raw } = request;
    const path = requestTarget(raw.url ?? '/');
    const isHead = raw.method === 'HEAD';
    if (route.cache === undefined) return void (await forwarded(request, reply, visit, { path, isHead }));
    // Cache-Control of a request is ignored: it is only a wish (RFC 9111, section 5.2.1), and fetch sends it with each
    // If-None-Match
    const ifNoneMatch = raw.headers['if-none-match'];
    const key = answerKey(route, path, visit.actor, raw.headers);
    const kept = parts.answers.get(key);
    if (kept && isFresh(kept, route)) return answer(reply, visit, keptReply(kept, route, ifNoneMatch));
    // an answer to HEAD has no body to cache
    if (isHead) return void (await forwarded(request, reply, visit, { path, isHead }));
    const collector = new Collector(kept?.etag === undefined ? undefined : kept);
    const isSent = await forwarded(request, reply, visit, { path, isHead, tap: collector, known: kept?.etag });
    // the answer went to the client, or the client has left
    if (collector.kept === undefined) return void (isSent || reply.hijack());
    parts.answers.keep(key, collector.kept);
    if (!isSent) answer(reply, visit, keptReply(collector.kept, route, ifNoneMatch));
  }

  /**
   * Sends the request to the service, and its answer to the client. Returns false if `tap` took the answer, else true.
   */
  async function forwarded(request: FastifyRequest, reply: FastifyReply, visit: Visit, how: How): Promise<boolean> {
    const { raw } = request;
    const { correlationId, quota, session } = visit;
    const body = await requestBody(raw, route);
    const caller = { address: request.ip, protocol: request.protocol, host: request.host, correlationId };
    const authorization = authorizationOf(session);
    const received = authorization === undefined ? raw.headers : { ...raw.headers, authorization };
    const headers = requestHeaders(received, passed, caller);
    if (how.tap) {
      delete headers['if-none-match'];
      if (how.known !== undefined) headers['if-none-match'] = how.known;
    }
    const method = how.isHead ? 'HEAD' : route.method;
    const catcher = READS.has(route.method) && isForPerson(raw) ? new ProblemCatcher(how.tap) : undefined;
    let exchange: Exchange | undefined;
    if (reply.raw.destroyed) throw clientLeft();
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) exchange?.abort(new ClientGone());
    });
    const own = {
      ...always,
      ...quota,
      ...ofSession(visit.session),
      [RESPONSE_HEADER.correlationId]: correlationId,
      ...(parts.hasPlugins ? headersSoFar(reply) : undefined),
      ...varyOf(reply.getHeader('vary'), always['vary']),
      ...(hasUnreadBody(raw) ? { connection: 'close' } : undefined),
    };
    await upstream.send({ method, path: how.path, headers, body }, () => {
      exchange = new Exchange(reply.raw, { own, timeoutMs, tap: catcher ?? how.tap });
      return exchange;
    });
    if (exchange?.isTapped === true) {
      await exchange.ended;
      if (exchange.isBroken) throw new NoAnswer('its answer broke off');
      if (!catcher?.caught) return false;
      refuse(request, reply, visit, catcher.caught);
      return true;
    }
    reply.hijack();
    await exchange?.ended;
    if (exchange?.isBroken === true)
      parts.log.warn({ service: route.service, operation: route.operationId, correlationId }, 'the answer broke off');
    watched(visit, reply.raw.headersSent ? reply.raw.statusCode : CLIENT_GONE);
    return true;
  }

  function answer(reply: FastifyReply, visit: Visit, { status, headers, body }: AnyReply): void {
    const { 'set-cookie': cookies, ...personal } = ofSession(visit.session);
    if (cookies !== undefined) reply.header('set-cookie', cookies);
    sendReply(
      reply,
      {
        status,
        headers: {
          ...always,
          ...visit.quota,
          ...personal,
          ...headers,
          ...varyOf(reply.getHeader('vary'), always['vary'], headers['vary']),
        },
        body,
      },
      visit.correlationId,
    );
    watched(visit, status);
  }

  function watched({ startedAt, correlationId, actor }: Visit, status: number): void {
    observe({ status, startedAt, correlationId, actor: actor?.id });
  }
}

/** What plugins have added to an answer so far: the headers of CORS. */
function headersSoFar(reply: FastifyReply): Headers {
  const entries = Object.entries(reply.getHeaders());
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])));
}
