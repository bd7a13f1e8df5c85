import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { correlationIdOf } from './correlationId.ts';
import { RESPONSE_HEADER } from './headerNames.ts';
import { endLingering, endResponseLingering, isClosing } from './lingering.ts';
import { plumbingReply, type PlumbingProblem } from './problem.ts';
import type { Reply } from './reply.ts';

type Refused = (status: number, correlationId: string) => void;

/** Sends a problem in answer to bytes that Node's parser refuses. The problem never repeats these bytes. */
export function answerClientError(error: Error & { readonly code?: string }, socket: Duplex, refused: Refused): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || isClosing(socket)) return;
  // the sender has left in the middle of a body, and the operation that waits for the body counts that
  const count = error.code === 'HPE_INVALID_EOF_STATE' ? () => {} : refused;
  const text = clientErrorText(refusalOf(error.code), count);
  // only after an error of the parser: if a request is only late, its parser would process the bytes that still come
  if (socket.writable && error.code?.startsWith('HPE_')) return endLingering(socket, text);
  if (socket.writable) socket.write(text);
  socket.destroy(error);
}

/** Refuses CONNECT, which asks for a tunnel (RFC 9110, section 9.3.6). */
export function refuseTunnel(socket: Duplex, refused: Refused): void {
  endLingering(socket, clientErrorText({ code: 'malformed-request', detail: 'this is not a proxy' }, refused));
}

/** Refuses an `Expect` other than 100-continue (RFC 9110, section 10.1.1). */
export function refuseExpectation(request: IncomingMessage, response: ServerResponse, refused: Refused): void {
  const correlationId = correlationIdOf(request.headers['x-correlation-id']);
  const { status, headers, body } = plumbingReply(
    { code: 'expectation-failed', detail: 'of Expect, only 100-continue is known here' },
    correlationId,
    { [RESPONSE_HEADER.correlationId]: correlationId },
  );
  endResponseLingering(request, response, { status, headers, body });
  refused(status, correlationId);
}

function clientErrorText(problem: PlumbingProblem, refused: Refused): string {
  const correlationId = correlationIdOf(undefined);
  const headers = { [RESPONSE_HEADER.correlationId]: correlationId, connection: 'close' };
  const reply = plumbingReply(problem, correlationId, headers);
  refused(reply.status, correlationId);
  return asText(reply);
}

function refusalOf(code: string | undefined): PlumbingProblem {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return { code: 'request-timeout', detail: 'the request took too long to arrive' };
    case 'HPE_HEADER_OVERFLOW':
      return { code: 'headers-too-large', detail: 'path and headers are larger than this service takes' };
    default:
      return { code: 'malformed-request', detail: 'this is not an HTTP request' };
  }
}

function asText({ status, headers, body = '' }: Reply): string {
  const fields = Object.entries({ ...headers, 'content-length': String(Buffer.byteLength(body)) });
  const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines}\r\n${body}`;
}
