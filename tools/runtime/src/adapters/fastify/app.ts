import fastify, { type FastifyInstance } from 'fastify';
import { failureReply } from '../../http/failure.ts';
import { correlationIdOf } from '../../http/correlationId.ts';
import { allowedMethods } from '../../http/allowedMethods.ts';
import { answerClientError, refuseExpectation } from '../../http/clientError.ts';
import { named } from '../../http/frameworkError.ts';
import { reference } from './reference.ts';
import type { Json, OperationContract } from '../../contract/operation.ts';
import type { Metrics } from '../../ports/metrics.ts';
import { addRoute, sendReply, type RouteOptions } from './route.ts';
import { observer } from '../../http/observer.ts';

/** What the REST side of a service is made of. */
export interface AppOptions extends RouteOptions {
  readonly operations: readonly OperationContract[];
  /** Served as the reference; without it, there is no reference. */
  readonly document: Json | undefined;
  readonly metrics: Metrics;
  /** The longest body in bytes, 1 MiB by default. */
  readonly bodyLimit?: number;
  /** Milliseconds in which a request must have arrived. */
  readonly requestTimeout?: number;
}

/**
 * A service's REST side on Fastify: the routes of its contract, the reference at /docs, the document at /openapi.json.
 */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const { operations, document, bodyLimit = 1_048_576, requestTimeout = 30_000 } = options;
  const observerOf = observer(options.log, options.metrics);
  const app = fastify({
    logger: false,
    bodyLimit,
    requestTimeout,
    // Node looks every 30 s unless told, and takes the longer of the two timeouts for the request
    http: { headersTimeout: requestTimeout, connectionsCheckingInterval: Math.min(requestTimeout, 5_000) },
    // requests that come on an open connection while the rest is closing are answered, and the connection is closed
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    clientErrorHandler: answerClientError,
    routerOptions: { maxParamLength: 1_000, querystringParser: () => ({}) },
    frameworkErrors: (error, request, reply) => {
      const correlationId = correlationIdOf(request.headers['x-correlation-id']);
      sendReply(reply, failureReply(named(error), correlationId).reply, correlationId);
    },
  });
  // bodies are read as bytes and parsed by the operation's contract
  app.removeAllContentTypeParsers();
  // those that are expected by name, for which Fastify need not look at the media type each time
  for (const mediaType of ['*', ...new Set(operations.flatMap(({ body }) => body?.mediaType ?? []))])
    app.addContentTypeParser(mediaType, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.server.on('checkExpectation', refuseExpectation);
  const allowed = allowedMethods(operations);
  app.setErrorHandler((error, request, reply) => {
    const correlationId = correlationIdOf(request.headers['x-correlation-id']);
    // Fastify wants a media type of QUERY before it looks for a route, and there is none
    if (error instanceof Error && 'code' in error && error.code === 'FST_ERR_ROUTE_MISSING_CONTENT_TYPE')
      return sendReply(reply, allowed(request.method, request.url, correlationId), correlationId);
    const { reply: failure, fault } = failureReply(named(error), correlationId);
    if (fault) options.log.error({ err: error, correlationId }, 'request failed outside its operation');
    sendReply(reply, failure, correlationId);
  });
  closeIdle(app);
  app.setNotFoundHandler((request, reply) => {
    const correlationId = correlationIdOf(request.headers['x-correlation-id']);
    sendReply(reply, allowed(request.method, request.url, correlationId), correlationId);
  });
  for (const operation of operations) addRoute(app, operation, options, observerOf(operation));
  if (document !== undefined) await reference(app, document);
  return app;
}

const EVERY_MS = 20;

/**
 * While the server closes, connections are closed as they become idle. Node does so once, at the beginning; a
 * connection whose request was still running then would be kept alive, and keep the process, for as long as its client
 * likes.
 */
export function closeIdle(app: FastifyInstance): void {
  let timer: NodeJS.Timeout | undefined;
  app.addHook('preClose', async () => {
    timer = setInterval(() => app.server.closeIdleConnections(), EVERY_MS);
  });
  app.addHook('onClose', async () => clearInterval(timer));
}
