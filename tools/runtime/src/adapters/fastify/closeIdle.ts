import type { FastifyInstance } from 'fastify';

const EVERY_MS = 20;

/**
 * While the server closes, connections are closed as they become idle. Node does so once, at the beginning; a connection whose
 * request was still running then would be kept alive, and keep the process, for as long as its client likes.
 */
export function closeIdle(app: FastifyInstance): void {
  let timer: NodeJS.Timeout | undefined;
  app.addHook('preClose', async () => {
    timer = setInterval(() => app.server.closeIdleConnections(), EVERY_MS);
  });
  app.addHook('onClose', async () => clearInterval(timer));
}
