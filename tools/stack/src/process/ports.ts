import { connect, createServer } from 'node:net';

const HOST = '127.0.0.1';

/**
 * `preferred` if it is free, otherwise the first free port from `first` upwards in steps of ten. Default ports are
 * below the range that systems use for outgoing connections, so a free port stays free.
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

/** True if something accepts connections there. */
export async function isListening(port: number, host: string = HOST): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host, timeout: 2_000 });
    const finish = (answer: boolean) => (): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', finish(true));
    socket.once('error', finish(false));
    socket.once('timeout', finish(false));
  });
}

// A successful bind is not enough: some systems allow it on 127.0.0.1 while another program listens on all addresses.
async function isFree(port: number): Promise<boolean> {
  if (await isListening(port)) return false;
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, HOST, () => server.close(() => resolve(true)));
  });
}
