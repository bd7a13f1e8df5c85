import type { FastifyReply } from 'fastify';
import type { Reply } from '../../http/reply.ts';

/**
 * Sends what was made ready. Answers are for the one who asked: not sniffed, and not stored by caches unless the handler said
 * otherwise (RFC 9111, section 5.2.2.5).
 */
export function sendReply(to: FastifyReply, { status, headers, body }: Reply, correlationId: string): void {
  to.headers(headers);
  to.header('x-correlation-id', correlationId);
  to.header('x-content-type-options', 'nosniff');
  if (headers['cache-control'] === undefined) to.header('cache-control', 'no-store');
  to.code(status).send(body);
}
