import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { readStack } from '@atlas/stack';

const stack = readStack();
if (!stack) throw new Error('no stack is up: run `make up` first');
const redis = new URL(stack.redis.url);

/** A connection to Redis that can be cut, and on which answers can be held back. */
export class Wire {
  readonly #server: Server = createServer((near) => {
    const far = connect(Number(redis.port), redis.hostname);
    near.pipe(far);
    far.on('data', (chunk: Buffer) => {
      if (this.#held === undefined) near.write(chunk);
      else this.#held.push(() => near.write(chunk));
    });
    for (const socket of [near, far]) {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => (near.destroy(), far.destroy()));
    }
  });
  readonly #sockets = new Set<Socket>();
  #held: (() => void)[] | undefined;
  #port = 0;

  async open(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    // cast: the address of a server that listens on TCP has a port
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    const url = new URL(redis);
    url.host = `127.0.0.1:${this.#port}`;
    return url.href;
  }

  cut(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
  }

  /** From now on answers of Redis wait here. */
  hold(): void {
    this.#held = [];
  }

  /** How many answers wait. */
  get held(): number {
    return this.#held?.length ?? 0;
  }

  /** Passes on the answer that has waited longest. */
  release(): void {
    this.#held?.shift()?.();
  }
}
