import type { FastifyReply } from 'fastify';
import { RESPONSE_HEADER } from '../../http/headerNames.ts';
import type { Reply } from '../../http/reply.ts';

/**
 * Sends what was made ready. Answers are for the one who asked: not sniffed, and not stored by caches unless the handler said
 * otherwise (RFC 9111, section 5.2.2.5).
 */
export function sendReply(to: FastifyReply, { status, headers, body }: Reply, correlationId: string): void {
  to.headers(headers);
  to.header(RESPONSE_HEADER.correlationId, correlationId);
  to.header(RESPONSE_HEADER.contentTypeOptions, 'nosniff');
  if (headers['cache-control'] === undefined) to.header('cache-control', 'no-store');
  to.code(status).send(body);
}
