import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { failureReply } from '../../http/failure.ts';
import { correlationIdOf } from '../../http/correlationId.ts';
import { allowedMethods } from '../../http/allowedMethods.ts';
import { answerClientError, refuseExpectation, refuseTunnel } from '../../http/clientError.ts';
import { refuseAmbiguous } from '../../http/framing.ts';
import { refusalOf } from './frameworkError.ts';
import { reference, REFERENCE_METHODS, REFERENCE_PATHS } from './reference.ts';
import type { Json, OperationContract } from '../../contract/operation.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { Reply } from '../../http/reply.ts';
import { addRoute, sendReply, type RouteOptions } from './route.ts';
import { observer } from '../../http/observer.ts';

export { LastStatement } from '../../ports/sql.ts';

/** What the REST API of a service needs. */
export interface AppOptions extends RouteOptions {
  /** Served as the reference; without it, there is no reference. */
  readonly document: Json | undefined;
  /** What comes before the paths of all operations, such as `/v3`. The reference stays at the root. */
  readonly basePath?: string;
  readonly metrics: Metrics;
  /** The longest body in bytes, 1 MiB by default. */
  readonly bodyLimit?: number;
  /** Milliseconds in which a request must have arrived. */
  readonly requestTimeout?: number;
}

/**
 * A service's REST API on Fastify: the routes of its contract, the reference at /docs, the document at /openapi.json.
 */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const { document, basePath = '', bodyLimit = 1_048_576, requestTimeout = 30_000 } = options;
  const operations = options.operations.map((one) => below(basePath, one));
  const { of: observerOf, refused } = observer(options.log, options.metrics);
  const refuse = (reply: FastifyReply, answer: Reply, correlationId: string): void => {
    sendReply(reply, answer, correlationId);
    refused(answer.status, correlationId);
  };
  const app = fastify({
    logger: false,
    bodyLimit,
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
  // bodies are read as bytes, and parsed by the operation's contract
  app.removeAllContentTypeParsers();
  // expected media types by name, which saves Fastify from parsing the media type of each request
  for (const mediaType of ['*', ...new Set(operations.flatMap(({ body }) => body?.mediaType ?? []))])
    app.addContentTypeParser(mediaType, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.server.on('checkExpectation', (request, response) => refuseExpectation(request, response, refused));
  app.server.on('connect', (_request, socket) => refuseTunnel(socket, refused));
  app.decorateRequest(ARRIVED_AT, 0);
  app.addHook('onRequest', (request, _reply, done) => {
    request.setDecorator(ARRIVED_AT, performance.now());
    refuseAmbiguous(request.raw);
    done();
  });
  const allowed = allowedMethods([
    ...operations,
    ...(document === undefined ? [] : REFERENCE_PATHS).flatMap((path) =>
      REFERENCE_METHODS.map((method) => ({ path, method })),
    ),
  ]);
  app.setErrorHandler((error, request, reply) => {
    const correlationId = correlationIdOf(request.headers['x-correlation-id']);
    // Fastify refuses QUERY without a media type before it looks for a route
    if (error instanceof Error && 'code' in error && error.code === 'FST_ERR_ROUTE_MISSING_CONTENT_TYPE')
      return refuse(reply, allowed(request.method, request.url, correlationId), correlationId);
    const { reply: failure, fault } = failureReply(refusalOf(error), correlationId);
    if (fault) options.log.error({ err: error, correlationId }, 'request failed outside its operation');
    refuse(reply, failure, correlationId);
  });
  closeIdle(app);
  app.setNotFoundHandler((request, reply) => {
    const correlationId = correlationIdOf(request.headers['x-correlation-id']);
    refuse(reply, allowed(request.method, request.url, correlationId), correlationId);
  });
  const arrivedAt = (request: FastifyRequest): number => request.getDecorator<number>(ARRIVED_AT);
  for (const operation of operations)
    addRoute(app, operation, { ...options, operations }, observerOf(operation), arrivedAt);
  if (document !== undefined) reference(app, document, options.operations, basePath);
  return app;
}

/** The operation with another path before its own. */
function below(basePath: string, operation: OperationContract): OperationContract {
  if (basePath === '') return operation;
  return { ...operation, url: `${basePath}${operation.url}`, path: `${basePath}${operation.path}` };
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
