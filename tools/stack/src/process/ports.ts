import { connect, createServer } from 'node:net';

const HOST = '127.0.0.1';

/**
 * The first free port of `preferred`, then upwards in steps of ten from `first`. Default ports lie below the range
 * that systems hand out to outgoing connections, so a port that was free stays so.
 */
export async function freePort(
  preferred: number | undefined,
  first: number,
  mayUse: (port: number) => boolean,
): Promise<number> {
  if (preferred !== undefined && (await isFree(preferred)) && mayUse(preferred)) return preferred;
  for (let port = first; port < 65_536; port += 10) {
    if ((await isFree(port)) && mayUse(port)) return port;
  }
  throw new Error(`no free port from ${first} upwards`);
}

/** True when something accepts connections there. */
export async function isListening(port: number, host: string = HOST): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host, timeout: 2_000 });
    const settle = (answer: boolean) => (): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', settle(true));
    socket.once('error', settle(false));
    socket.once('timeout', settle(false));
  });
}

// Binding alone is not enough: some systems let 127.0.0.1 be bound beside a listener on all addresses.
async function isFree(port: number): Promise<boolean> {
  if (await isListening(port)) return false;
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, HOST, () => server.close(() => resolve(true)));
  });
}
