import type { Server } from 'node:http';
import { AtlasError } from '../contract/atlasError.ts';

/** Listens, and returns the address. Throws ATLAS_LISTEN if the port is in use or not allowed. */
export async function listen(server: Server, host: string, port: number, variable: string): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, host, port, variable)));
    server.listen(port, host, resolve);
  });
  return urlOf(server);
}

export function listenError(error: unknown, host: string, port: number, variable: string): AtlasError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const why =
    code === 'EADDRINUSE'
      ? 'is in use'
      : code === 'EACCES'
        ? 'is not allowed for this user'
        : `cannot be opened: ${String(error)}`;
  return new AtlasError('ATLAS_LISTEN', `port ${port} of ${host} (${variable}) ${why}`, { cause: error });
}

export function urlOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new AtlasError('ATLAS_LISTEN', 'the server has no port');
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `http://${host}:${address.port}`;
}
