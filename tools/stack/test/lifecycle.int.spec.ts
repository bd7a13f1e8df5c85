import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StackInfo } from '../src/index.ts';
import { isRecord, parseJson } from '../src/json.ts';
import { withClient } from '../src/postgres/client.ts';
import { javaServersOf, StackCommand } from './stackCommand.ts';

describe('a stack', () => {
  let stack: StackCommand;
  beforeAll(() => {
    stack = new StackCommand();
  });
  afterAll(() => stack.remove());

  it('comes up on ports that are free', async () => {
    // Takes the default port of Postgres, unless another program has it.
    const server = createServer().on('error', () => undefined);
    server.listen(15_432, '127.0.0.1');
    const { code, output } = await stack.run(['up']);
    server.close();
    expect(code, output).toBe(0);
    expect(infoOf(stack).postgres.port).not.toBe(15_432);
    const status = await stack.run(['status']);
    expect(status.code).toBe(0);
    expect(status.output.match(/ running /g)).toHaveLength(4);
  });

  it('does not change if it is started again', async () => {
    const before = stack.pids();
    const { code, output } = await stack.run(['up']);
    expect([code, stack.pids()], output).toEqual([0, before]);
  });

  it('restarts the parts that were killed, and only those', async () => {
    const before = stack.pids();
    const killed = ['kafka', 'postgres', 'redis'];
    for (const part of killed) process.kill(Number(before[part]), 'SIGKILL');
    expect((await stack.run(['status'])).code).toBe(1);
    // This is the state after a restart of the machine: another program now has the server's process id.
    const locks = locksOfPostgres(stack);
    const stranger = spawn('sleep', ['60'], { uid: statSync(locks[0] ?? '').uid, stdio: 'ignore' });
    for (const lock of locks) writeFileSync(lock, readFileSync(lock, 'utf8').replace(/^\d+/, String(stranger.pid)));
    const { code, output } = await stack.run(['up']);
    stranger.kill();
    expect(code, output).toBe(0);
    const after = stack.pids();
    expect(Object.keys(before).filter((part) => after[part] !== before[part])).toEqual(killed);
  });

  it('restarts the broker, and only it, for a new service', async () => {
    const before = stack.pids();
    expect((await stack.run(['up', '--services', 'box-office'])).code).toBe(0);
    expect(stack.pids()).toEqual({ ...before, kafka: expect.not.stringMatching(String(before['kafka'])) });
    expect(infoOf(stack).postgres.services['box-office']?.database).toBe('box_office');
    expect(infoOf(stack).kafka.users['box-office']?.username).toBe('box-office');
  });

  it('is used by another repository if the environment names it', async () => {
    const other = new StackCommand();
    const info = infoOf(stack);
    const { postgres, redis } = info;
    const env = { ATLAS_POSTGRES_URL: postgres.adminUrl, ...javaServersOf(info), ATLAS_REDIS_URL: redis.url };
    const { code, output } = await other.run(['up', '--services', 'venues'], env);
    expect(code, output).toBe(0);
    expect(other.processes()).toEqual([]);
    expect(output).not.toContain(postgres.adminUrl);
    await statement(infoOf(other).postgres.services['venues']?.ownerUrl, 'CREATE TABLE seat (id int)');
    await other.remove();
  });

  it('keeps its data and its ports when it is stopped and started', async () => {
    const { postgres } = infoOf(stack);
    await statement(postgres.services['box-office']?.ownerUrl, 'CREATE TABLE seat (id int)');
    const down = await stack.run(['down']);
    expect(down.code, down.output).toBe(0);
    expect(stack.processes()).toEqual([]);
    expect((await stack.run(['status'])).code).toBe(1);
    expect((await stack.run(['up'])).code).toBe(0);
    expect(infoOf(stack).postgres).toEqual(postgres);
    await statement(postgres.services['box-office']?.appUrl, 'INSERT INTO seat VALUES (1)');
  });

  it('starts without data if its state is lost, because the passwords of the data are lost too', async () => {
    rmSync(join(stack.root, 'state/state.json'));
    const { code, output } = await stack.run(['up']);
    expect(code, output).toBe(0);
    expect(infoOf(stack).postgres.services).not.toHaveProperty('box-office');
  });

  it('leaves nothing behind after clean', async () => {
    expect((await stack.run(['clean'])).code).toBe(0);
    expect(stack.processes()).toEqual([]);
    expect(stack.folders()).toEqual([]);
  });
});

describe('the end of a stack', () => {
  it('names an optional part only if it runs, and also ends the folder of programs', async () => {
    const stack = new StackCommand();
    // `up` makes the folders, and a program has noted itself and ended
    mkdirSync(join(stack.root, 'state/run'), { recursive: true });
    mkdirSync(join(stack.root, 'state/programs'));
    const down = await stack.run(['down']);
    expect([down.code, down.output]).toEqual([0, expect.stringMatching(/kafka +was not running/)]);
    expect(down.output).not.toMatch(/keycloak|stopping/);
    const clean = await stack.run(['clean']);
    expect([clean.code, stack.folders()], clean.output).toEqual([0, []]);
    await stack.remove();
  });
});

describe('a start', () => {
  let stack: StackCommand;
  beforeEach(() => {
    stack = new StackCommand();
  });
  afterEach(() => stack.remove());

  it.each(['creating its data folder', 'registry  starting', 'kafka     starting', '✓ postgres'])(
    'that is interrupted at "%s" leaves nothing running',
    async (seen) => {
      const { code, output } = await stack.interrupt(seen);
      expect(output).toContain('stopped, together with all that it started');
      expect(code).toBe(130);
      expect(stack.processes()).toEqual([]);
    },
  );

  it('whose output is closed leaves nothing running', async () => {
    const { child, ended } = stack.start(['up']);
    child.stdout.once('data', () => child.stdout.destroy());
    expect((await ended).code).toBe(1);
    expect(stack.processes()).toEqual([]);
  });

  it('that fails leaves nothing running and shows the log of the part that failed', async () => {
    const home = brokenJava(stack.root);
    const { code, output } = await stack.run(['up'], { ATLAS_JAVA_HOME: home });
    expect(code).toBe(1);
    expect(output).toMatch(/(Kafka|schema registry): .*\n +no such luck\n +log: .*\.log/);
    expect(stack.processes()).toEqual([]);
  });

  it('without Java, and without pip to fetch it, says what to install', async () => {
    // This Maven runs until it is stopped, so that its error does not come first.
    const PATH = programs(stack.root, { mvn: '/bin/sleep 60; true', java: 'exit 1' });
    const { code, output } = await stack.run(['up'], {
      PATH,
      ATLAS_JAVA_HOME: join(stack.root, 'none'),
      ATLAS_CACHE: join(stack.root, 'cache'),
    });
    expect(code).toBe(1);
    expect(output).toMatch(/no Java 21 or newer was found and pip could not fetch one: install a JDK .* or pip .*$/m);
    expect(stack.processes()).toEqual([]);
  });

  it('without Maven says what to install', async () => {
    const { code, output } = await stack.run(['up'], {
      PATH: programs(stack.root, {}),
      ATLAS_JAVA_HOME: brokenJava(stack.root),
      ATLAS_CACHE: join(stack.root, 'cache'),
    });
    expect(code).toBe(1);
    expect(output).toContain('Maven fetches Kafka and the schema registry: install it');
    expect(stack.processes()).toEqual([]);
  });

  it('with Keycloak, but without a realm, says so before it starts anything', async () => {
    const { code, output } = await stack.run(['up', '--with', 'keycloak']);
    expect(code).toBe(1);
    expect(output.trim()).toBe('specs/realm.yaml is missing: it says who may log in to Keycloak, and with which roles');
    expect((await stack.run(['up', '--with', 'kafka'])).output).toContain('there is no part "kafka" to add');
    expect(stack.processes()).toEqual([]);
  });

  it('without the admin user of a Kafka that the environment names says so', async () => {
    const { code, output } = await stack.run(['up'], { ATLAS_KAFKA_BROKERS: '127.0.0.1:1' });
    expect(code).toBe(1);
    expect(output).toContain('ATLAS_KAFKA_BROKERS needs ATLAS_KAFKA_USERNAME');
    expect(stack.processes()).toEqual([]);
  });
});

/** A Java whose release file is new enough and whose program always fails. */
function brokenJava(root: string): string {
  const home = join(root, 'java');
  mkdirSync(join(home, 'bin'), { recursive: true });
  writeFileSync(join(home, 'release'), 'JAVA_VERSION="25.0.1"\n');
  writeFileSync(join(home, 'bin/java'), '#!/bin/sh\necho no such luck\nexit 1\n', { mode: 0o755 });
  return home;
}

/** A folder for PATH with only these programs. Each of them is a line of shell. */
function programs(root: string, lines: Readonly<Record<string, string>>): string {
  const bin = join(root, 'bin');
  mkdirSync(bin);
  for (const [name, line] of Object.entries(lines))
    writeFileSync(join(bin, name), `#!/bin/sh\n${line}\n`, { mode: 0o755 });
  return bin;
}

function infoOf({ root }: StackCommand): StackInfo {
  const info = parseJson(readFileSync(join(root, 'state/stack.json'), 'utf8'));
  if (!isInfo(info)) throw new Error('the stack is not up');
  return info;
}

function isInfo(value: unknown): value is StackInfo {
  return isRecord(value) && isRecord(value['postgres']);
}

/** The lock files of its data and of its socket. */
function locksOfPostgres(stack: StackCommand): readonly string[] {
  const homes = stack.folders().flatMap((folder) => [folder, join(folder, 'data/postgres')]);
  const { port, socketFolder = '' } = infoOf(stack).postgres;
  const found = [
    ...homes.map((home) => join(home, 'data/postmaster.pid')),
    join(socketFolder, `.s.PGSQL.${port}.lock`),
  ].filter((file) => existsSync(file));
  if (found.length !== 2) throw new Error(`Postgres has the lock files ${found.join(', ')}`);
  return found;
}

async function statement(url: string | undefined, text: string): Promise<void> {
  if (url === undefined) throw new Error('no such service');
  await withClient(url, (client) => client.query(text));
}
