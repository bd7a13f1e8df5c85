import { createServer } from 'node:http';
import { hrefOf, type ReportId } from '../src/pages/report.ts';
import { CONTENT_SECURITY_POLICY } from '../src/pages/style.ts';

/** Serves documents by the path of their report, with the headers that the runtime sends with HTML. */
export async function servePages(documents: ReadonlyMap<string, string>): Promise<{
  readonly origin: string;
  /** Paths with queries, in the order of the requests. */
  readonly asked: string[];
  readonly stop: () => Promise<void>;
}> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const url = request.url ?? '/';
    asked.push(url);
    const document = documents.get(url.split('?')[0] ?? '');
    response.writeHead(document === undefined ? 404 : 200, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `${CONTENT_SECURITY_POLICY}; frame-ancestors 'none'`,
    });
    response.end(document ?? '<!doctype html><html lang="en"><title>404</title>');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    origin: `http://127.0.0.1:${address.port}`,
    asked,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}

/** The path of a report's page; the timeline needs an order. */
export function pathOf(id: ReportId, orderId: string): string {
  return hrefOf(id, {}, { orderId });
}
