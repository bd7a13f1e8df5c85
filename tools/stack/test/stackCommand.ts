import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import type { StackInfo } from '../src/info.ts';
import { layoutOf } from '../src/layout.ts';
import { farHome } from '../src/postgres/home.ts';
import { until } from '../src/process/until.ts';

const MAIN = resolve(import.meta.dirname, '../src/main.ts');

export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

export interface Started {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  readonly output: () => string;
  readonly ended: Promise<Ended>;
}

/** A temporary repository with a stack of its own. The commands run as a person runs them. */
export class StackCommand {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'atlas-stack-')));

  /** `program` is the stack's own by default. Another one must take `--root` too. */
  start(args: readonly string[], env: NodeJS.ProcessEnv = {}, program = MAIN): Started {
    const [name = '', ...rest] = args;
    const child = spawn(process.execPath, [program, name, '--root', this.root, ...rest], {
      env: { ...ownEnvironment(), ATLAS_STACK_DIR: join(this.root, 'state'), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
    const ended = once(child, 'close').then(([code]): Ended => ({
      code: typeof code === 'number' ? code : null,
      output,
    }));
    return { child, output: () => output, ended };
  }

  run(args: readonly string[], env: NodeJS.ProcessEnv = {}, program = MAIN): Promise<Ended> {
    return this.start(args, env, program).ended;
  }

  /** Starts `up` and interrupts it once its output contains the text, as Ctrl-C does. */
  async interrupt(seen: string, env: NodeJS.ProcessEnv = {}): Promise<Ended> {
    const { child, output, ended } = this.start(['up'], env);
    await until(() => output().includes(seen) || child.exitCode !== null, { every: 5, timeout: 60_000 });
    child.kill('SIGINT');
    return ended;
  }

  /** The command lines of running processes that name this stack's folder. */
  processes(): readonly string[] {
    const { stdout } = spawnSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' });
    return stdout.split('\n').filter((line) => line.includes(this.root));
  }

  /** The process id of each part that was started and not stopped. */
  pids(): Readonly<Record<string, string>> {
    const run = join(this.root, 'state/run');
    const files = readdirSync(run).sort();
    return Object.fromEntries(
      files.map((file) => [file.replace('.pid', ''), readFileSync(join(run, file), 'utf8').split('\n')[0] ?? '']),
    );
  }

  /** Its folders: the state folder, and that of Postgres if its user cannot enter the state folder. */
  folders(): readonly string[] {
    const dir = join(this.root, 'state');
    return [dir, farHome(layoutOf(this.root, { ATLAS_STACK_DIR: dir }))].filter((folder) => existsSync(folder));
  }

  async remove(): Promise<void> {
    await this.run(['clean']);
    const left = this.folders();
    rmSync(this.root, { recursive: true, force: true });
    if (left.length > 0) throw new Error(`clean has left ${left.join(', ')}`);
  }
}

/** The environment of a stack that uses the broker and the registry of another one. To start these takes longest. */
export function javaServersOf({ kafka, registry }: StackInfo): NodeJS.ProcessEnv {
  return {
    ATLAS_KAFKA_BROKERS: kafka.brokers.join(','),
    ATLAS_KAFKA_USERNAME: kafka.admin.username,
    ATLAS_KAFKA_PASSWORD: kafka.admin.password,
    ATLAS_REGISTRY_URL: registry.url,
  };
}

// The environment without the servers that it names for the test run, because this stack starts its own.
function ownEnvironment(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env);
  return Object.fromEntries(entries.filter(([name]) => !/^ATLAS_(POSTGRES|KAFKA|REGISTRY|REDIS)_/.test(name)));
}
