import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { allowedMethods } from '../http/allowedMethods.ts';
import { answerClientError, refuseExpectation, refuseTunnel } from '../http/clientError.ts';
import { correlationIdOf } from '../http/correlationId.ts';
import { failureReply } from '../http/failure.ts';
import { hasUnreadBody, refuseAmbiguous } from '../http/framing.ts';
import { RESPONSE_HEADER } from '../http/headerNames.ts';
import type { Reply } from '../http/reply.ts';
import type { Log } from '../ports/log.ts';
import type { Check } from '../ports/readiness.ts';
import { listen } from './listen.ts';

export interface AdminOptions {
  readonly service: string;
  readonly host: string;
  readonly port: number;
  readonly readiness: () => Promise<readonly Check[]>;
  readonly metrics: { text(): Promise<string>; readonly contentType: string };
  readonly log: Log;
}

const JSON_HEADERS = { 'content-type': 'application/json', 'cache-control': 'no-store' };

/**
 * The operators' port. /health/live checks nothing but the process, /health/ready checks what the instance needs, and
 * /metrics is for Prometheus. It refuses malformed requests with the same problems as the REST API.
 */
export async function adminServer(options: AdminOptions): Promise<{ readonly url: string; close(): Promise<void> }> {
  const answers = answersOf(options);
  const allowed = allowedMethods([...answers.keys()].map((path) => ({ path, method: 'GET' })));

  const answer = async (request: IncomingMessage, correlationId: string): Promise<Reply> => {
    refuseAmbiguous(request);
    const { method = 'GET', url = '/' } = request;
    const [path = ''] = url.split('?');
    const get = method === 'GET' || method === 'HEAD' ? answers.get(path) : undefined;
    return get === undefined ? allowed(method, url, correlationId) : get();
  };

  // without this, Node itself would refuse a request without Host, and not with a problem
  const server = createServer({ requireHostHeader: false }, (request, response) => {
    const correlationId = correlationIdOf(request.headers['x-correlation-id']);
    const failed = (error: unknown): Reply => {
      const { reply, fault } = failureReply(error, correlationId);
      if (fault) options.log.error({ err: error, correlationId }, "the operators' port failed");
      return reply;
    };
    void answer(request, correlationId)
      .catch(failed)
      .then((reply) => send(request, response, reply, correlationId));
  });
  // the REST API counts refusals, which are mistakes of clients; only operators use this port
  const uncounted = (): void => {};
  server.on('clientError', (error, socket) => answerClientError(error, socket, uncounted));
  server.on('checkExpectation', (request, response) => refuseExpectation(request, response, uncounted));
  server.on('connect', (_request, socket) => refuseTunnel(socket, uncounted));
  const url = await listen(server, options.host, options.port, 'ADMIN_PORT');
  return { url, close: () => close(server) };
}

function answersOf({ service, readiness, metrics }: AdminOptions): ReadonlyMap<string, () => Promise<Reply>> {
  return new Map<string, () => Promise<Reply>>([
    ['/health/live', async () => json(200, { status: 'live', service })],
    [
      '/health/ready',
      async () => {
        const checks = await readiness();
        const ready = checks.every(({ ok }) => ok);
        return json(ready ? 200 : 503, { status: ready ? 'ready' : 'not ready', service, checks });
      },
    ],
    [
      '/metrics',
      async () => ({ status: 200, headers: { 'content-type': metrics.contentType }, body: await metrics.text() }),
    ],
  ]);
}

function json(status: number, body: unknown): Reply {
  return { status, headers: JSON_HEADERS, body: JSON.stringify(body) };
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body = '' }: Reply,
  correlationId: string,
): void {
  response
    .writeHead(status, {
      ...headers,
      [RESPONSE_HEADER.correlationId]: correlationId,
      [RESPONSE_HEADER.contentTypeOptions]: 'nosniff',
      'content-length': Buffer.byteLength(body),
      ...(hasUnreadBody(request) ? { connection: 'close' } : {}),
    })
    .end(body);
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
