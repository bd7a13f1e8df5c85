import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { dropDatabase, listeningOf, mintToken, readStack, type StackInfo } from '@atlas/stack';
import pg from 'pg';
import { registerBench, type RegisterBench } from '../support/registered.ts';
import { caseRepository, noCompiling } from './repository.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** A service of the case in a process of its own, with a database of its own. */
export interface BootedService {
  request(method: string, path: string, given?: RequestGiven): Promise<Answer>;
  /** Runs a statement in its database and gives the rows. */
  query(text: string, values?: readonly unknown[]): Promise<readonly Record<string, unknown>[]>;
  /** Its log, line by line. */
  readonly log: readonly string[];
}

export interface RequestGiven {
  readonly roles?: readonly string[];
  /** Text is sent as it is, anything else as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The services of a case, registered and running on the stack. */
export interface BootedCase extends AsyncDisposable {
  service(name: string): BootedService;
  /** Where it is registered. */
  readonly bench: RegisterBench;
}

/**
 * Registers a case and starts `app/<service>/main.ts` of each named service. These processes cannot compile a schema.
 * `before` makes what others own, such as foreign topics.
 */
export async function bootedCase(
  name: string,
  services: readonly string[],
  before?: (bench: RegisterBench) => Promise<void>,
): Promise<BootedCase> {
  const stack = readStack();
  if (!stack) throw new Error('no stack is up: make up');
  await using cleanup = new AsyncDisposableStack();
  const repository = await caseRepository(name);
  cleanup.defer(() => repository.remove());
  const bench = cleanup.use(await registerBench(name));
  await before?.(bench);
  const { result } = await bench.register();
  if (!result || result.diagnostics.length > 0) throw new Error(`not registered: ${JSON.stringify(result)}`);
  const running = new Map<string, BootedService>();
  for (const service of services) {
    const database = await ownDatabase(stack, `case_${service}_${process.pid}`);
    cleanup.defer(() => database.drop());
    const env = { ...bench.env, ...authOf(stack), DATABASE_URL: database.url };
    const booted = await start(join(repository.folder, 'app', service, 'main.ts'), env);
    cleanup.defer(() => booted.stop());
    running.set(service, { ...requester(stack, service, booted.url), query: database.query, log: booted.log });
  }
  const kept = cleanup.move();
  return {
    bench,
    service(of) {
      const found = running.get(of);
      if (!found) throw new Error(`${of} does not run`);
      return found;
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

function authOf({ auth }: StackInfo): Record<string, string> {
  return { AUTH_JWKS_FILE: auth.jwksFile, AUTH_ISSUER: auth.issuer };
}

async function start(main: string, env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, ['--import', noCompiling, main], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log: string[] = [];
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      log.push(line);
      const listening = listeningOf(line);
      if (listening !== undefined) resolve(listening.url);
    });
    child.once('close', (code) => reject(new Error(`${main} ended with ${code}: ${stderr}${log.join('\n')}`)));
  });
  return { url, log, stop: () => stopped(child) };
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, 'close');
  child.kill('SIGTERM');
  await ended;
}

function requester(stack: StackInfo, service: string, url: string): Pick<BootedService, 'request'> {
  return {
    async request(method, path, { roles, body, headers = {} } = {}) {
      const audience = [service];
      const token = roles ? { authorization: `Bearer ${await mintToken(stack, { sub: 'kim', roles, audience })}` } : {};
      const type = body === undefined ? {} : { 'content-type': 'application/json' };
      const response = await fetch(url + path, {
        method,
        headers: { ...token, ...type, ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
    },
  };
}

async function ownDatabase(stack: StackInfo, name: string) {
  const { adminUrl } = stack.postgres;
  // A run that was killed may have left it.
  await dropDatabase(stack, name);
  await statement(adminUrl, `CREATE DATABASE ${name}`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    query: (text: string, values?: readonly unknown[]) => statement(url.href, text, values),
    drop: () => dropDatabase(stack, name),
  };
}

/** Runs a statement on a connection of its own. */
async function statement(url: string, text: string, values: readonly unknown[] = []) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text, [...values])).rows;
  } finally {
    await client.end();
  }
}
