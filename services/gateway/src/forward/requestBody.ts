import type { IncomingMessage } from 'node:http';
import { Transform, type Readable } from 'node:stream';
import { noBody, Refusal } from '@atlas/runtime/gateway';
import type { GatewayRoute } from '@atlas/runtime';

/** Shorter bodies are read before the service is called, so that a slow client does not occupy a connection to it. */
const READ_FIRST = 65_536;

/**
 * The body for the service, or null if there is none. Throws `Refusal`: 400 for a body that the operation does not
 * take, 415 for another media type, 413 for a body over its limit. If the length is unknown, the bytes are counted
 * while they pass, and the stream is destroyed with that `Refusal`.
 */
export async function requestBody(request: IncomingMessage, route: GatewayRoute): Promise<Buffer | Readable | null> {
  // a stream does not repeat earlier events
  if (request.destroyed) throw endedEarly();
  const { 'content-length': length, 'transfer-encoding': coding, 'content-type': type } = request.headers;
  if (coding === undefined && (length === undefined || length === '0')) return null;
  if (route.body === undefined) throw noBody({ id: route.operationId });
  const { limit, mediaTypes } = route.body;
  if (!isAccepted(type, mediaTypes))
    throw new Refusal({ code: 'unsupported-media-type', detail: `send ${mediaTypes.join(' or ')}` });
  if (length !== undefined && Number(length) > limit) throw tooLarge(limit);
  return length !== undefined && Number(length) <= READ_FIRST ? read(request) : counted(request, limit);
}

/** Whether the operation accepts a media type. The service checks its parameters. */
function isAccepted(type: string | undefined, mediaTypes: readonly string[]): boolean {
  if (type === undefined) return false;
  if (mediaTypes.includes(type)) return true;
  const [essence = ''] = type.split(';');
  return mediaTypes.some((mediaType) => mediaType.toLowerCase() === essence.trim().toLowerCase());
}

function tooLarge(limit: number): Refusal {
  return new Refusal({ code: 'body-too-large', detail: `the body is larger than ${limit} bytes` });
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const chunks: Buffer[] = [];
  const cut = (): void => reject(endedEarly());
  request
    .on('data', (chunk: Buffer) => chunks.push(chunk))
    .once('end', () => {
      request.off('error', cut).off('close', cut);
      const [only] = chunks;
      resolve(chunks.length === 1 && only ? only : Buffer.concat(chunks));
    })
    .once('error', cut)
    .once('close', cut);
  return promise;
}

function endedEarly(): Refusal {
  return new Refusal({ code: 'malformed-body', detail: 'the request ended before its body did' });
}

/**
 * A separate stream, because undici destroys the body of a request that fails; destroying the client's request would
 * close its connection before it gets an answer.
 */
function counted(request: IncomingMessage, limit: number): Readable {
  let bytes = 0;
  const body = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      bytes += chunk.length;
      if (bytes > limit) done(tooLarge(limit));
      else done(null, chunk);
    },
  });
  const cut = (): void => {
    if (!body.writableEnded) body.destroy(endedEarly());
  };
  request.once('error', cut).once('close', cut);
  // stop reading the rest of a body that is no longer needed
  body.once('close', () => request.unpipe(body));
  // undici listens for errors only while it reads
  body.on('error', () => {});
  return request.pipe(body);
}
