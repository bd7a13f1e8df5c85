import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import cors from '@fastify/cors';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import helmet from 'helmet';
import type { GatewayContract, GatewayRoute } from '@atlas/runtime';
import {
  createServer,
  observer,
  reference,
  REFERENCE_ROUTES,
  routerPath,
  type Log,
  type Metrics,
  type TokenVerifier,
} from '@atlas/runtime/gateway';
import { Answers } from './cache/answers.ts';
import { door } from './door.ts';
import type { GatewayEnv } from './env.ts';
import type { Upstream } from './forward/upstream.ts';
import type { Counts } from './limits/counts.ts';
import { limiter } from './limits/limiter.ts';
import type { EndedSessions } from './login/endedSessions.ts';
import { Login } from './login/login.ts';
import { addPages, pageRoutesOf } from './pages/pageRoutes.ts';
import { readable } from './pages/problemPage.ts';

export interface GatewayOptions {
  readonly contract: GatewayContract;
  readonly env: Pick<GatewayEnv, 'limits' | 'timeoutMs' | 'corsOrigins' | 'trustedProxies' | 'login'>;
  /** By service. */
  readonly upstreams: ReadonlyMap<string, Upstream>;
  readonly authenticator: TokenVerifier;
  readonly counts: Counts;
  readonly ended: EndedSessions;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Milliseconds in which a request must have arrived; 30 s by default. */
  readonly requestTimeout?: number;
}

/** Larger than the body limit of any route. Those limits are checked while the body is passed on. */
const ANY_LENGTH = Number.MAX_SAFE_INTEGER;

/** The gateway's server: a door for each route of the contract, and the API reference of all services. */
export async function createGateway(options: GatewayOptions): Promise<FastifyInstance> {
  const { contract, env, upstreams, log, metrics, requestTimeout = 30_000 } = options;
  const watcher = observer(log, metrics);
  const security = securityHeaders();
  const { authenticator, ended } = options;
  const login = env.login && new Login({ env: env.login, authenticator, ended, log, metrics });
  const { app, arrivedAt } = createServer({
    log,
    observer: watcher,
    known: [...contract.routes, ...REFERENCE_ROUTES, ...pageRoutesOf(login !== undefined)],
    bodyLimit: ANY_LENGTH,
    requestTimeout,
    headers: security,
    shown: ({ raw }, answer) => readable(raw, answer),
    ...(env.trustedProxies.length === 0 ? {} : { trustProxy: env.trustedProxies }),
  });
  // bodies are passed to the service without parsing
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  await allowOrigins(app, env.corsOrigins, contract.routes);
  const limit = await limiter(app, env.limits, options.counts);
  const parts = {
    authenticator,
    limit,
    answers: new Answers(),
    log,
    security,
    hasPlugins: env.corsOrigins.length > 0,
    timeoutMs: env.timeoutMs,
    login,
  };
  for (const route of contract.routes) {
    const upstream = upstreams.get(route.service);
    if (upstream === undefined) throw new Error(`the gateway has no address of ${route.service}`);
    const observe = watcher.of({ id: `${route.service}.${route.operationId}`, method: route.method });
    app.route({
      method: methodsOf(route, contract.routes),
      url: routerPath(route.path),
      exposeHeadRoute: false,
      handler: door(parts, { route, upstream, observe, arrivedAt }),
    });
  }
  addPages(app, {
    contract,
    login,
    publicUrl: env.login?.publicUrl,
    limit,
    log,
    observer: watcher,
    security,
    arrivedAt,
  });
  await app.register(async (pages) => {
    const { 'content-security-policy': _, ...others } = security;
    pages.addHook('onRequest', async (_request, reply) => {
      reply.headers(others);
    });
    reference(pages, contract.document, contract.routes, '');
  });
  return app;
}

/** GET also answers HEAD (RFC 9110, section 9.3.2), unless that is an operation of its own. */
function methodsOf({ method, path }: GatewayRoute, routes: readonly GatewayRoute[]): GatewayRoute['method'][] {
  if (method !== 'GET') return [method];
  return routes.some((other) => other.method === 'HEAD' && other.path === path) ? ['GET'] : ['GET', 'HEAD'];
}

/** The headers of answers that a page of another origin may read, besides those that every page may. */
const EXPOSED = [
  'atlas-version',
  'deprecation',
  'etag',
  'idempotency-replayed',
  'location',
  'ratelimit',
  'ratelimit-policy',
  'retry-after',
  'sunset',
  'x-correlation-id',
];

/**
 * Allows pages of these origins to call the API (the Fetch standard's CORS protocol). By that standard, tokens are not
 * credentials.
 */
async function allowOrigins(
  app: FastifyInstance,
  origins: readonly string[],
  routes: readonly GatewayRoute[],
): Promise<void> {
  if (origins.length === 0) return;
  const declared = routes.flatMap(({ headers = [] }) => headers);
  const options = {
    origin: [...origins],
    methods: [...new Set(routes.map(({ method }) => method))],
    allowedHeaders: [
      ...new Set([
        'authorization',
        'content-type',
        'idempotency-key',
        'if-match',
        'if-none-match',
        'traceparent',
        'tracestate',
        'x-correlation-id',
        ...declared,
      ]),
    ],
    exposedHeaders: EXPOSED,
    maxAge: 600,
  };
  await app.register(cors, {
    // the plugin would answer OPTIONS of other kinds itself, and not with a problem
    delegator: async ({ headers }: FastifyRequest) => ({
      ...options,
      preflight: headers.origin !== undefined && headers['access-control-request-method'] !== undefined,
    }),
  });
}

/**
 * The headers that helmet recommends for an API without pages. They are the same for each answer, so helmet is called
 * once and not for each request.
 */
function securityHeaders(): Readonly<Record<string, string>> {
  const response = new ServerResponse(new IncomingMessage(new Socket()));
  const add = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"], baseUri: ["'none'"], formAction: ["'none'"] },
    },
  });
  add(response.req, response, (error) => {
    if (error !== undefined) throw new Error('helmet failed', { cause: error });
  });
  return Object.fromEntries(Object.entries(response.getHeaders()).map(([name, value]) => [name, String(value)]));
}
