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
import { sendReply } from './route.ts';
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
  /** Whose `X-Forwarded-For` counts, as Fastify's `trustProxy`: nobody's unless given. */
  readonly trustProxy?: readonly string[];
  /** Added to what the server itself refuses. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The form in which the caller gets what the server itself refuses: that of the problem unless given. */
  readonly shown?: (request: FastifyRequest, answer: Reply) => Reply;
}

export interface Server {
  readonly app: FastifyInstance;
  /** When the headers of a request had arrived, by `performance.now()`. */
  readonly arrivedAt: (request: FastifyRequest) => number;
}

/**
 * A server on Fastify without routes. It answers with a problem whatever HTTP itself forbids, and what others could
 * read in another way. Who adds routes says how bodies are read.
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
      // a request without Host is refused with a problem, which Node would not write
      requireHostHeader: false,
    },
    // closes a connection on which nothing was sent or read for so long, such as that of a client that stopped reading
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
  app.addHook('onRequest', (request, reply, done) => {
    if (isClosing(request.raw.socket)) return void reply.hijack();
    request.setDecorator(ARRIVED_AT, performance.now());
    refuseAmbiguous(request.raw);
    done();
  });
  const allowed = allowedMethods(known);
  app.setErrorHandler((error, request, reply) => {
    const correlationId = correlationIdOf(request.headers['x-correlation-id']);
    // Fastify refuses QUERY without a media type before it looks for a route
    if (error instanceof Error && 'code' in error && error.code === 'FST_ERR_ROUTE_MISSING_CONTENT_TYPE')
      return refuse(reply, allowed(request.method, request.url, correlationId), correlationId);
    const { reply: failure, fault } = failureReply(refusalOf(error), correlationId);
    if (fault) log.error({ err: error, correlationId }, 'request failed outside its operation');
    refuse(reply, failure, correlationId);
  });
  closeIdle(app);
  app.setNotFoundHandler((request, reply) => {
    const correlationId = correlationIdOf(request.headers['x-correlation-id']);
    refuse(reply, allowed(request.method, request.url, correlationId), correlationId);
  });
  return { app, arrivedAt: (request) => request.getDecorator<number>(ARRIVED_AT) };
}

/** When the headers of a request had arrived, by `performance.now()`: a property of Fastify's request. */
const ARRIVED_AT = 'arrivedAt';

const CLOSE_IDLE_EVERY_MS = 20;

/**
 * Closes connections as they become idle while the server closes. Node does it only once, at the beginning: a
 * connection whose request still runs then would stay open, and keep the process alive, for as long as its client
 * wants.
 */
export function closeIdle(app: FastifyInstance): void {
  let timer: NodeJS.Timeout | undefined;
  app.addHook('preClose', async () => {
    timer = setInterval(() => app.server.closeIdleConnections(), CLOSE_IDLE_EVERY_MS);
  });
  app.addHook('onClose', async () => clearInterval(timer));
}
