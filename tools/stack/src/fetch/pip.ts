import { spawnSync } from 'node:child_process';
import { run } from '../process/run.ts';
import { onPath } from './tools.ts';

export interface PipOptions {
  readonly log: string;
  readonly signal: AbortSignal;
}

const FLAGS = ['--quiet', '--no-deps', '--no-compile', '--only-binary=:all:', '--no-input'];

/**
 * Unpacks a wheel of the Python package index into a folder and runs none of its code. `requirement` is
 * `name==version`.
 */
export async function pipUnpack(requirement: string, folder: string, { log, signal }: PipOptions): Promise<void> {
  const pip = pipCommand();
  if (pip === undefined) throw new Error('pip was not found: install it (Debian: apt-get install python3-pip)');
  const [command, ...args] = pip;
  // PIP_USER and --target exclude each other.
  const env = { ...process.env, PIP_USER: '0', PIP_ROOT_USER_ACTION: 'ignore' };
  await run(command, [...args, 'install', ...FLAGS, '--target', folder, requirement], { env, log, signal });
}

/** The pip module of Python or, because some Pythons have none, a pip program. */
export function pipCommand(env: NodeJS.ProcessEnv = process.env): readonly [string, ...string[]] | undefined {
  const python = onPath(['python3', 'python'], env);
  if (python !== undefined && spawnSync(python, ['-m', 'pip', '--version'], { env, stdio: 'ignore' }).status === 0)
    return [python, '-m', 'pip'];
  const pip = onPath(['pip3', 'pip'], env);
  return pip === undefined ? undefined : [pip];
}
