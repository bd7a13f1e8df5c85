import type { FastifyInstance } from 'fastify';
import { reference, REFERENCE_ROUTES } from './reference.ts';
import type { Json, OperationContract } from '../../contract/operation.ts';
import type { Metrics } from '../../ports/metrics.ts';
import { addRoute, type RouteOptions } from './route.ts';
import { createServer } from './server.ts';
import { Streams, STREAM_LIMITS, type StreamLimits } from './streams.ts';
import { observer } from '../../http/observer.ts';

export { LastStatements } from '../../ports/sql.ts';

/** What the REST API of a service needs. */
export interface AppOptions extends RouteOptions {
  /** Served as the reference. If undefined, there is no reference. */
  readonly document: Json | undefined;
  /** The prefix of the paths of all operations, such as `/v3`. The reference stays at the root. */
  readonly basePath?: string;
  readonly metrics: Metrics;
  /** The longest body in bytes, 1 MiB by default. */
  readonly bodyLimit?: number;
  /** Milliseconds in which a request must have arrived. */
  readonly requestTimeout?: number;
  /** Replaces members of `STREAM_LIMITS`. */
  readonly streams?: Partial<StreamLimits>;
}

/**
 * A service's REST API on Fastify: the routes of its contract, the reference at /docs, the document at /openapi.json.
 */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const { document, basePath = '', bodyLimit = 1_048_576, requestTimeout = 30_000 } = options;
  const operations = options.operations.map((one) => below(basePath, one));
  const watcher = observer(options.log, options.metrics);
  const { app, arrivedAt } = createServer({
    log: options.log,
    observer: watcher,
    bodyLimit,
    requestTimeout,
    known: [...operations, ...(document === undefined ? [] : REFERENCE_ROUTES)],
  });
  // bodies are read as bytes, and parsed by the operation's contract
  app.removeAllContentTypeParsers();
  // expected media types are added by name, so that Fastify need not parse the media type of each request
  for (const mediaType of ['*', ...new Set(operations.flatMap(({ body }) => body?.mediaType ?? []))])
    app.addContentTypeParser(mediaType, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  const streams = new Streams({ ...STREAM_LIMITS, ...options.streams }, options.metrics);
  for (const operation of operations)
    addRoute(app, operation, { ...options, operations }, watcher.of(operation), { streams, arrivedAt });
  if (document !== undefined) reference(app, document, options.operations, basePath);
  return app;
}

/** The operation with a prefix before its path. */
function below(basePath: string, operation: OperationContract): OperationContract {
  if (basePath === '') return operation;
  return { ...operation, url: `${basePath}${operation.url}`, path: `${basePath}${operation.path}` };
}
