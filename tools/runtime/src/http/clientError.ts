import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { correlationIdOf } from './correlationId.ts';
import { problemReply, type ProblemInput } from './problem.ts';
import type { Reply } from './reply.ts';

/**
 * What Node's parser refuses before there is a request to answer: a problem all the same. Nobody is told what it was
 * fed.
 */
export function answerClientError(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (socket.writable) socket.write(asText(clientErrorReply(error.code)));
  socket.destroy(error);
}

/** `Expect` of anything but 100-continue (RFC 9110, section 10.1.1). */
export function refuseExpectation(request: IncomingMessage, response: ServerResponse): void {
  const correlationId = correlationIdOf(request.headers['x-correlation-id']);
  const problem = { code: 'expectation-failed', detail: 'of Expect, only 100-continue is known here' };
  const { status, headers, body } = problemReply(417, problem, correlationId, { 'x-correlation-id': correlationId });
  response.writeHead(status, { ...headers, connection: 'close' }).end(body);
}

function clientErrorReply(code: string | undefined): Reply {
  const [status, problem] = refusalOf(code);
  const correlationId = correlationIdOf(undefined);
  return problemReply(status, problem, correlationId, { 'x-correlation-id': correlationId, connection: 'close' });
}

function refusalOf(code: string | undefined): readonly [status: number, problem: ProblemInput] {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return [408, { code: 'request-timeout', detail: 'the request took too long to arrive' }];
    case 'HPE_HEADER_OVERFLOW':
      return [431, { code: 'headers-too-large', detail: 'path and headers are larger than this service takes' }];
    default:
      return [400, { code: 'malformed-request', detail: 'this is no HTTP request' }];
  }
}

function asText({ status, headers, body = '' }: Reply): string {
  const fields = Object.entries({ ...headers, 'content-length': String(Buffer.byteLength(body)) });
  const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines}\r\n${body}`;
}
