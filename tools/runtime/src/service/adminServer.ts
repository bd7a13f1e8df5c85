import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Check } from '../ports/readiness.ts';
import { listen } from './listen.ts';

export interface AdminOptions {
  readonly service: string;
  readonly host: string;
  readonly port: number;
  readonly readiness: () => Promise<readonly Check[]>;
  readonly metrics: { text(): Promise<string>; readonly contentType: string };
}

/**
 * The operators' port. /health/live checks nothing but the process, /health/ready checks what the instance needs, and
 * /metrics is for Prometheus.
 */
export async function adminServer(options: AdminOptions): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    respond(path, options, response).catch((error: unknown) => json(response, 500, { error: String(error) }));
  });
  const url = await listen(server, options.host, options.port, 'ADMIN_PORT');
  return { url, close: () => close(server) };
}

async function respond(
  path: string,
  { service, readiness, metrics }: AdminOptions,
  response: ServerResponse,
): Promise<void> {
  switch (path) {
    case '/health/live':
      return json(response, 200, { status: 'live', service });
    case '/health/ready': {
      const checks = await readiness();
      const ready = checks.every(({ ok }) => ok);
      return json(response, ready ? 200 : 503, { status: ready ? 'ready' : 'not ready', service, checks });
    }
    case '/metrics':
      response.writeHead(200, { 'content-type': metrics.contentType }).end(await metrics.text());
      return;
    default:
      return json(response, 404, { error: 'the paths here are /health/live, /health/ready and /metrics' });
  }
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response
    .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(JSON.stringify(body));
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
