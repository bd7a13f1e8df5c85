import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A request that a service got. */
export interface Got {
  readonly method: string;
  readonly url: string;
  readonly rawHeaders: readonly string[];
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export interface UpstreamServer {
  readonly url: string;
  /** The complete requests that came. */
  readonly got: Got[];
  /** How the next requests are answered. */
  answer: (got: Got, response: ServerResponse) => void;
  /** If set, answers requests before their body is read, instead of `answer`. */
  early: RequestListener | undefined;
  /** Ends the server and its connections. */
  close(): Promise<void>;
}

/** A small service. */
export async function upstreamServer(port = 0): Promise<UpstreamServer> {
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    if (upstream.early) return upstream.early(request, response);
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('error', () => {});
    request.on('end', () => {
      const { method = '', url = '', rawHeaders, headers } = request;
      const got = { method, url, rawHeaders, headers, body: Buffer.concat(chunks) };
      upstream.got.push(got);
      upstream.answer(got, response);
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  // cast: the address of a server that listens on TCP has a port
  const { port: own } = server.address() as AddressInfo;
  const upstream: UpstreamServer = {
    url: `http://127.0.0.1:${own}`,
    got: [],
    answer: (_got, response) => json(response, 200, {}),
    early: undefined,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
  return upstream;
}

export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const text = JSON.stringify(body);
  const length = String(Buffer.byteLength(text));
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': length, ...headers }).end(text);
}
