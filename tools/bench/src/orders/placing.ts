import { randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';

const HEAD_END = '\r\n\r\n';

/**
 * Places drafts by hand, over keep-alive connections with one request at a time. The client shares the machine with the
 * measured services, so it writes the bytes of a request itself and reads of the answer only what it needs: `node:http`
 * takes twice as much processor time, and the generated client several times as much. Throws if the answer is anything
 * but 200.
 */
export function placing(url: string, token: string) {
  const { hostname, port, host } = new URL(url);
  const idle = new Set<Connection>();
  const rest = `Host: ${host}\r\nAuthorization: Bearer ${token}\r\nContent-Length: 0\r\n`;
  return async ({ orderId, etag }: { readonly orderId: string; readonly etag: string }): Promise<void> => {
    const connection =
      idle.values().next().value ?? new Connection(connect({ host: hostname, port: Number(port) }), idle);
    idle.delete(connection);
    const answer = await connection.send(
      `POST /v1/orders/${orderId}/place HTTP/1.1\r\n${rest}Idempotency-Key: ${randomUUID()}\r\nIf-Match: ${etag}${HEAD_END}`,
    );
    if (!answer.startsWith('HTTP/1.1 200 ')) throw new Error(`placing an order answers ${answer}`);
    idle.add(connection);
  };
}

/** A connection to a server whose answers all have a Content-Length. */
class Connection {
  readonly #socket: Socket;
  #answer = '';
  #waiting: PromiseWithResolvers<string> | undefined;

  constructor(socket: Socket, idle: Set<Connection>) {
    this.#socket = socket;
    socket.setNoDelay();
    // a byte is a character, so that lengths are those of the answer
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => this.#read(text));
    socket.on('error', (error) => this.#waiting?.reject(error));
    socket.on('close', () => {
      idle.delete(this);
      this.#waiting?.reject(new Error('the service has closed the connection'));
    });
  }

  /** Sends a request. Resolves to the whole answer. */
  send(request: string): Promise<string> {
    this.#waiting = Promise.withResolvers();
    this.#answer = '';
    this.#socket.write(request, 'latin1');
    return this.#waiting.promise;
  }

  #read(text: string): void {
    this.#answer += text;
    const head = this.#answer.indexOf(HEAD_END);
    if (head < 0) return;
    const [, length] = /\r\ncontent-length: (\d+)/i.exec(this.#answer.slice(0, head)) ?? [];
    if (length === undefined) this.#socket.destroy(new Error(`an answer without Content-Length: ${this.#answer}`));
    else if (this.#answer.length >= head + HEAD_END.length + Number(length)) this.#waiting?.resolve(this.#answer);
  }
}
