import { connect, createServer, type Server, type Socket } from 'node:net';

interface Wire {
  /** The address of the database through the proxy. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * A proxy that forwards the first COMMIT, then closes the connection instead of sending the reply. It does so only
 * once.
 */
export async function dropCommitReply(databaseUrl: string): Promise<Wire> {
  let cut = false;
  return proxy(databaseUrl, (near, far) => {
    let dropping = false;
    near.on('data', (chunk: Buffer) => {
      if (!cut && chunk.includes('COMMIT')) {
        cut = true;
        dropping = true;
      }
      far.write(chunk);
    });
    far.on('data', (chunk: Buffer) => (dropping ? near.destroy() : near.write(chunk)));
  });
}

/** A proxy that counts the messages that ask the server for its answers: Sync and simple Query. */
export async function countSyncs(databaseUrl: string): Promise<Wire & { syncs(): number; reset(): void }> {
  let syncs = 0;
  const wire = await proxy(databaseUrl, (near, far) => {
    let rest = Buffer.alloc(0);
    let started = false;
    near.on('data', (chunk: Buffer) => {
      far.write(chunk);
      rest = Buffer.concat([rest, chunk]);
      // the first message has no type, all others have a byte for it (PostgreSQL, "Message Formats")
      for (let head = started ? 1 : 0; rest.length >= head + 4; head = 1) {
        const size = head + rest.readInt32BE(head);
        if (rest.length < size) break;
        if (started && (rest[0] === SYNC || rest[0] === QUERY)) syncs += 1;
        started = true;
        rest = rest.subarray(size);
      }
    });
    far.on('data', (chunk: Buffer) => near.write(chunk));
  });
  return {
    ...wire,
    syncs: () => syncs,
    reset: () => {
      syncs = 0;
    },
  };
}

const SYNC = 'S'.charCodeAt(0);
const QUERY = 'Q'.charCodeAt(0);

async function proxy(databaseUrl: string, join: (near: Socket, far: Socket) => void): Promise<Wire> {
  const target = new URL(databaseUrl);
  const sockets: Socket[] = [];
  const server: Server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    sockets.push(near, far);
    join(near, far);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('close', () => to.destroy());
      from.on('error', () => to.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  return {
    url: url.href,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
