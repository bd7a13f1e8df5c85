import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { failureReply } from '../../http/failure.ts';
import { correlationIdOf } from '../../http/correlationId.ts';
import { allowedMethods } from '../../http/allowedMethods.ts';
import { answerClientError, refuseExpectation, refuseTunnel } from '../../http/clientError.ts';
import { refuseAmbiguous } from '../../http/framing.ts';
import { isClosing } from '../../http/lingering.ts';
import { refusalOf } from './frameworkError.ts';
import type { OperationContract } from '../../contract/operation.ts';
import type { Log } from '../../ports/log.ts';
import type { Reply } from '../../http/reply.ts';
import { originForm, sendReply } from './route.ts';
import type { Observer } from '../../http/observer.ts';

export interface ServerOptions {
  readonly log: Log;
  readonly observer: Observer;
  /** The paths and methods that have routes: others get 405 with `Allow`, or 404. */
  readonly known: readonly Pick<OperationContract, 'path' | 'method'>[];
  /** The longest body in bytes. */
  readonly bodyLimit: number;
  /** Milliseconds in which a request must have arrived. */
  readonly requestTimeout: number;
  /** The proxies whose `X-Forwarded-For` is trusted, as in Fastify's `trustProxy`; none by default. */
  readonly trustProxy?: readonly string[];
  /** Headers that are added to the server's own refusals. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Turns the server's own refusals into the form for the caller; by default, they stay problems. */
  readonly shown?: (request: FastifyRequest, answer: Reply) => Reply;
}

export interface Server {
  readonly app: FastifyInstance;
  /** When the headers of a request arrived, by `performance.now()`. */
  readonly arrivedAt: (request: FastifyRequest) => number;
}

/**
 * A Fastify server without routes. It answers with a problem to requests that HTTP itself forbids, and to requests that
 * other programs could read in another way. The code that adds routes decides how bodies are read.
 */
export function createServer(options: ServerOptions): Server {
  const { log, observer, bodyLimit, requestTimeout, known, trustProxy, headers = {} } = options;
  const { shown = (_request, answer) => answer } = options;
  const { refused } = observer;
  const refuse = (reply: FastifyReply, answer: Reply, correlationId: string): void => {
    const { headers: own, ...rest } = shown(reply.request, answer);
    sendReply(reply, { ...rest, headers: { ...headers, ...own } }, correlationId);
    refused(answer.status, correlationId);
  };
  const app = fastify({
    logger: false,
    bodyLimit,
    ...(trustProxy === undefined ? {} : { trustProxy: [...trustProxy] }),
    requestTimeout,
    // Node's defaults: it checks every 30 s, and applies the longer of the two timeouts to a request
    http: {
      headersTimeout: requestTimeout,
      connectionsCheckingInterval: Math.min(requestTimeout, 5_000),
      // without this, Node itself would refuse a request without Host, and not with a problem
      requireHostHeader: false,
    },
    // closes a connection on which nothing is sent or read for this long, for example because the client stopped
    // reading
    connectionTimeout: requestTimeout + 30_000,
    // a request on an open connection is still answered while the server closes, then its connection is closed
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    clientErrorHandler: (error, socket) => answerClientError(error, socket, refused),
    routerOptions: { maxParamLength: 1_000, querystringParser: () => ({}) },
    frameworkErrors: (error, request, reply) => {
      const correlationId = correlationIdOf(request.headers['x-correlation-id']);
      refuse(reply, failureReply(refusalOf(error), correlationId).reply, correlationId);
    },
  });
  app.server.on('checkExpectation', (request, response) => refuseExpectation(request, response, refused));
  app.server.on('connect', (_request, socket) => refuseTunnel(socket, refused));
  app.decorateRequest(ARRIVED_AT, 0);
  const allowed = allowedMethods(known);
  const refuseRoute = (request: FastifyRequest, reply: FastifyReply): void => {
    const correlationId = correlationIdOf(request.headers['x-correlation-id']);
    refuse(reply, allowed(request.method, originForm(request.url), correlationId), correlationId);
  };
  app.addHook('onRequest', (request, reply, done) => {
    if (isClosing(request.raw.socket)) return void reply.hijack();
    request.setDecorator(ARRIVED_AT, performance.now());
    refuseAmbiguous(request.raw);
    // the router reads the first character of any target as a slash, and so `*docs/` as a path that has a route
    if (!originForm(request.url).startsWith('/')) return refuseRoute(request, reply);
    done();
  });
  app.setErrorHandler((error, request, reply) => {
    // Fastify refuses QUERY without a media type before it looks for a route
    if (error instanceof Error && 'code' in error && error.code === 'FST_ERR_ROUTE_MISSING_CONTENT_TYPE')
      return refuseRoute(request, reply);
    const correlationId = correlationIdOf(request.headers['x-correlation-id']);
    const { reply: failure, fault } = failureReply(refusalOf(error), correlationId);
    if (fault) log.error({ err: error, correlationId }, 'request failed outside its operation');
    refuse(reply, failure, correlationId);
  });
  closeIdle(app);
  app.setNotFoundHandler(refuseRoute);
  return { app, arrivedAt: (request) => request.getDecorator<number>(ARRIVED_AT) };
}

/** The property of Fastify's request that says when its headers arrived, by `performance.now()`. */
const ARRIVED_AT = 'arrivedAt';

const CLOSE_IDLE_EVERY_MS = 20;

/**
 * While the server closes, closes each connection as soon as it is idle. Node does this only once, at the beginning. A
 * connection whose request is still running then would stay open as long as its client wants, and keep the process
 * alive.
 */
export function closeIdle(app: FastifyInstance): void {
  let timer: NodeJS.Timeout | undefined;
  app.addHook('preClose', async () => {
    timer = setInterval(() => app.server.closeIdleConnections(), CLOSE_IDLE_EVERY_MS);
  });
  app.addHook('onClose', async () => clearInterval(timer));
}
