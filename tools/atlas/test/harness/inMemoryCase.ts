import { execFile, spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { caseFolder } from './caseFolder.ts';
import { caseRepository, noCompiling } from './repository.ts';

/** A service of a case folder, which runs from its generated code in a process of its own. */
export interface InMemoryCase {
  readonly url: string;
  /** Its log so far. */
  readonly lines: readonly LogLine[];
  /** Resolves with the first line, past or future, for which `holds` is true. */
  logged(holds: (line: LogLine) => boolean): Promise<LogLine>;
  stop(): Promise<void>;
}

export type LogLine = Readonly<Record<string, unknown>>;

/**
 * Starts `app/memory/<service>.ts` of a case folder, in a repository with only that code and the generated output.
 * Every compiler of schemas throws there. A case without such a file passes its `program`.
 */
export async function bootInMemory(name: string, service: string, program?: string): Promise<InMemoryCase> {
  const repository = await caseRepository(name);
  const app = join(repository.folder, 'app/memory');
  if (program !== undefined) {
    await cp(join(caseFolder('bookings'), 'app/memory'), app, { recursive: true });
    await writeFile(join(app, `${service}.ts`), program);
  }
  const child = spawn(process.execPath, ['--import', noCompiling, `app/memory/${service}.ts`], {
    cwd: repository.folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const gone = once(child, 'close');
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await gone;
    await repository.remove();
  };
  const { lines, logged } = logOf(child, join(name, service));
  try {
    const { url } = await logged(({ message }) => message === 'listening');
    if (typeof url !== 'string') throw new Error('it does not say where it listens');
    return { url, lines, logged, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function logOf(
  child: ChildProcessByStdio<null, Readable, Readable>,
  what: string,
): Pick<InMemoryCase, 'lines' | 'logged'> {
  const lines: LogLine[] = [];
  const waiting = new Set<() => void>();
  let stderr = '';
  let ended = false;
  const look = (): void => waiting.forEach((check) => check());
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    // Without readline, which also ends a line at U+2028, because JSON does not escape that character.
    const texts = `${rest}${text}`.split('\n');
    rest = texts.pop() ?? '';
    for (const line of texts) lines.push(parsed(line));
    look();
  });
  child.once('close', () => {
    ended = true;
    look();
  });
  const logged = (holds: (line: LogLine) => boolean): Promise<LogLine> =>
    new Promise((resolve, reject) => {
      const check = (): void => {
        const found = lines.find(holds);
        if (!found && !ended) return;
        waiting.delete(check);
        if (found) resolve(found);
        else reject(new Error(`${what} has ended\n${stderr}`));
      };
      waiting.add(check);
      check();
    });
  return { lines, logged };
}

function parsed(text: string): LogLine {
  const line: unknown = JSON.parse(text);
  return typeof line === 'object' && line !== null ? { ...line } : { line };
}

/**
 * The errors of plain Fastify in such a process, for a route with a schema for its query, and for a route with one for
 * its answer.
 */
const COMPILING = `
  import { createRequire } from 'node:module';
  import { realpathSync } from 'node:fs';
  import { fileURLToPath } from 'node:url';
  const require = createRequire(realpathSync(fileURLToPath(import.meta.resolve('@atlas/runtime'))));
  const type = { type: 'object' };
  const said = {};
  for (const [part, schema] of Object.entries({ querystring: { querystring: type }, response: { response: { 200: type } } })) {
    const app = require('fastify')().get('/', { schema }, async () => ({}));
    said[part] = await app.ready().then(() => app.inject('/')).then(() => 'booted', (error) => error.message);
  }
  console.log(JSON.stringify(said));
`;

/** True if a process of `bootInMemory` really cannot compile a schema. */
export async function compilesIn(name: string): Promise<unknown> {
  const repository = await caseRepository(name);
  try {
    const args = ['--import', noCompiling, '--input-type=module', '--eval', COMPILING];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: repository.folder });
    return JSON.parse(stdout);
  } finally {
    await repository.remove();
  }
}
