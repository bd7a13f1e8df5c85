import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { GatewayContract } from '@atlas/runtime';
import {
  correlationIdOf,
  failureReply,
  Refusal,
  sendReply,
  type Log,
  type Observer,
  type Reply,
} from '@atlas/runtime/gateway';
import { addressOf, LimitExceeded, limitedReply, type Limiter } from '../limits/limiter.ts';
import { LoginFailed, type CookieReply, type Login } from '../login/login.ts';
import { isForPerson } from '../login/navigation.ts';
import { indexForPrograms, indexPage, pageLinksOf } from './indexPage.ts';
import { readable } from './problemPage.ts';

/** The gateway's own paths for people, apart from the API reference. */
export function pageRoutesOf(canLogIn: boolean): readonly { readonly path: string; readonly method: 'GET' | 'POST' }[] {
  const first = { path: '/', method: 'GET' } as const;
  if (!canLogIn) return [first];
  return [
    first,
    { path: '/login', method: 'GET' },
    { path: '/login/callback', method: 'GET' },
    { path: '/logout', method: 'POST' },
  ];
}

export interface PageParts {
  readonly contract: GatewayContract;
  /** Absent if nobody can log in here. */
  readonly login: Login | undefined;
  readonly publicUrl: string | undefined;
  readonly limit: Limiter;
  readonly log: Log;
  readonly observer: Observer;
  readonly security: Readonly<Record<string, string>>;
  readonly arrivedAt: (request: FastifyRequest) => number;
}

/** Adds the first page, and what people need to log in and out. */
export function addPages(app: FastifyInstance, parts: PageParts): void {
  const { login, log, publicUrl } = parts;
  const links = pageLinksOf(parts.contract);
  const loginUrl = login?.urlFor('/');

  add('GET', '/', 'gateway.index', async ({ raw }) => {
    if (!isForPerson(raw)) return { reply: indexForPrograms(), cookies: [] };
    const session = await login?.sessionOf(raw);
    const person = session === undefined ? undefined : login?.personOf(session);
    const held = session === undefined ? undefined : await login?.rolesOf(session);
    const reply = indexPage({ links, person, held, loginUrl, issuerOrigin: login?.issuerOrigin });
    return { reply, cookies: session?.cookies ?? [] };
  });
  if (login === undefined) return;
  add('GET', '/login', 'gateway.login', async ({ raw }) =>
    login.begin(queryOf(raw.url).get('returnTo') ?? undefined, raw.headers.cookie),
  );
  add('GET', '/login/callback', 'gateway.loginCallback', async ({ raw }) =>
    login.finish(queryOf(raw.url).toString(), raw.headers.cookie),
  );
  add('POST', '/logout', 'gateway.logout', async ({ raw }) => {
    const { 'sec-fetch-site': site, origin, cookie } = raw.headers;
    // a page that sends no referrer has the origin `null`, so Sec-Fetch-Site is checked first
    if (site === undefined ? origin !== publicUrl : site !== 'same-origin')
      throw new Refusal({ code: 'malformed-request', detail: 'only a page of this gateway can log you out' });
    return login.end(cookie);
  });

  function add(
    method: 'GET' | 'POST',
    url: string,
    id: string,
    work: (request: FastifyRequest) => Promise<CookieReply>,
  ): void {
    const observe = parts.observer.of({ id, method });
    app.route({
      method,
      url,
      handler: async (request: FastifyRequest, reply: FastifyReply) => {
        const correlationId = correlationIdOf(request.raw.headers['x-correlation-id']);
        const startedAt = parts.arrivedAt(request);
        const answered = await attempt(request, correlationId, work);
        if (answered.cookies.length > 0) reply.header('set-cookie', [...answered.cookies]);
        const { status, headers, body } = answered.reply;
        sendReply(reply, { status, headers: { ...parts.security, ...headers }, body }, correlationId);
        observe({ status, startedAt, correlationId, actor: undefined });
      },
    });
  }

  async function attempt(
    request: FastifyRequest,
    correlationId: string,
    work: (request: FastifyRequest) => Promise<CookieReply>,
  ): Promise<CookieReply> {
    try {
      const quota = await parts.limit(request, 'anonymous', addressOf(request));
      const { reply, cookies } = await work(request);
      return { reply: { ...reply, headers: { ...quota, ...reply.headers } }, cookies };
    } catch (error) {
      const isFailed = error instanceof LoginFailed;
      const hints = isFailed ? { loginUrl: login?.urlFor(error.returnTo) } : {};
      return {
        reply: readable(request.raw, problemOf(error, correlationId), hints),
        cookies: isFailed ? error.cookies : [],
      };
    }
  }

  function problemOf(error: unknown, correlationId: string): Reply {
    if (error instanceof LimitExceeded) return limitedReply(error, correlationId);
    const { reply, fault } = failureReply(error, correlationId);
    if (fault) log.error({ err: error, correlationId }, 'a page failed');
    return reply;
  }
}

function queryOf(url = ''): URLSearchParams {
  const start = url.indexOf('?');
  return new URLSearchParams(start < 0 ? '' : url.slice(start + 1));
}
