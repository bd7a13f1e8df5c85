import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** How many bytes of a refused sender are read and dropped. */
const MAX_BYTES = 16 * 1_048_576;
/** For how long they are dropped. A sender that has not read the answer by then may lose it. */
const MAX_MS = 5_000;
/** A sender that is silent for this long has no bytes under way that could reset the connection. */
const MAX_IDLE_MS = 1_000;

const closing = new WeakSet<Duplex>();

/** Whether the connection is being closed. Nothing that comes on it may be processed (RFC 9112, section 9.6). */
export function isClosing(socket: Duplex): boolean {
  return closing.has(socket);
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, number | string | string[] | undefined>>;
  readonly body: string | Buffer | undefined;
}

/**
 * Answers a request that is not read to its end, and closes the connection. The answer is sent at once, but it ends
 * only after the rest of the request was read and dropped, within limits. If the connection were closed earlier, TCP
 * would reset it, and the sender could lose the answer (RFC 9112, section 9.6).
 */
export function endResponseLingering(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body = '' }: Answer,
): void {
  closing.add(request.socket);
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) response.setHeader(name, value);
  response.writeHead(status, { 'content-length': Buffer.byteLength(body), connection: 'close' });
  response.write(body);
  void dropped(request).then(() => response.end());
}

/**
 * Writes the last bytes to a connection and ends it, as `endResponseLingering` does. Bytes that come afterwards reach
 * only a parser that has refused the connection already.
 */
export function endLingering(socket: Duplex, text: string): void {
  closing.add(socket);
  socket.on('error', () => {});
  socket.end(text);
  void dropped(socket).then(() => socket.destroy());
}

/** Reads and drops until the stream ends or a limit is reached. */
function dropped(stream: IncomingMessage | Duplex): Promise<void> {
  if (stream.readableEnded || stream.destroyed) return Promise.resolve();
  const { promise, resolve } = Promise.withResolvers<void>();
  let left = MAX_BYTES;
  const late = setTimeout(resolve, MAX_MS);
  const idle = setTimeout(resolve, MAX_IDLE_MS);
  stream.on('data', (chunk: Buffer) => {
    idle.refresh();
    left -= chunk.length;
    if (left < 0) resolve();
  });
  for (const event of ['end', 'error', 'close']) stream.once(event, () => resolve());
  stream.resume();
  return promise.finally(() => [late, idle].forEach(clearTimeout));
}
