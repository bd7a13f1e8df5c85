import { connect } from 'node:net';

/** A request as it is written to the connection. It may be one that a client library would refuse to send. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** More header lines, sent unchanged. */
  readonly more?: readonly string[];
}

export interface Received {
  readonly status: number;
  /** Names are in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** Sends one request on a connection of its own and reads until the service closes it. */
export async function ask(url: string, { method, path, headers = {}, body, more = [] }: Asked): Promise<Received> {
  const { hostname, port, host } = new URL(url);
  const length = body === undefined || 'content-length' in headers ? {} : { 'content-length': Buffer.byteLength(body) };
  const fields = Object.entries({ host, connection: 'close', ...length, ...headers });
  const lines = [`${method} ${path} HTTP/1.1`, ...fields.map(([name, value]) => `${name}: ${value}`), ...more];
  const socket = connect(Number(port), hostname);
  socket.write(`${lines.join('\r\n')}\r\n\r\n${body ?? ''}`);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(Buffer.from(chunk));
  const text = Buffer.concat(chunks).toString();
  const end = text.indexOf('\r\n\r\n');
  const [status = '', ...received] = text.slice(0, end).split('\r\n');
  return {
    status: Number(status.split(' ')[1]),
    headers: new Map(received.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), valueOf(line)])),
    body: text.slice(end + 4),
  };
}

function valueOf(line: string): string {
  return line.slice(line.indexOf(':') + 1).trim();
}
