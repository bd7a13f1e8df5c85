import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { correlationIdOf } from './correlationId.ts';
import { RESPONSE_HEADER } from './headerNames.ts';
import type { PlumbingCode } from './plumbingProblems.ts';
import { plumbingReply } from './problem.ts';
import type { Reply } from './reply.ts';

/** Answers bytes that Node's parser refuses with a problem. It never repeats them. */
export function answerClientError(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (socket.writable) socket.write(asText(clientErrorReply(error.code)));
  socket.destroy(error);
}

/** Refuses an `Expect` other than 100-continue (RFC 9110, section 10.1.1). */
export function refuseExpectation(request: IncomingMessage, response: ServerResponse): void {
  const correlationId = correlationIdOf(request.headers['x-correlation-id']);
  const { status, headers, body } = plumbingReply(
    { code: 'expectation-failed', detail: 'of Expect, only 100-continue is known here' },
    correlationId,
    { [RESPONSE_HEADER.correlationId]: correlationId },
  );
  response.writeHead(status, { ...headers, connection: 'close' }).end(body);
}

function clientErrorReply(code: string | undefined): Reply {
  const correlationId = correlationIdOf(undefined);
  const headers = { [RESPONSE_HEADER.correlationId]: correlationId, connection: 'close' };
  return plumbingReply(refusalOf(code), correlationId, headers);
}

function refusalOf(code: string | undefined): { readonly code: PlumbingCode; readonly detail: string } {
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
