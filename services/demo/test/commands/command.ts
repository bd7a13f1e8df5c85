import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const DEMO = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const STACK = fileURLToPath(new URL('../../../../tools/stack/src/main.ts', import.meta.url));

export interface Command {
  /** Resolves once stdout contains `text`. Throws the whole output if the command ends before. */
  says(text: string): Promise<void>;
  /** The content of stdout so far. */
  printed(): string;
  interrupt(): void;
  ended(): Promise<{ readonly exitCode: number | null; readonly stdout: string; readonly stderr: string }>;
}

/** The walk-through as `make demo` runs it. */
export function demoCommand(args: readonly string[], env: Readonly<Record<string, string>> = {}): Command {
  return started(DEMO, args, env);
}

/** The services as `make dev` runs them. */
export function devCommand(): Command {
  return started(STACK, ['dev']);
}

function started(main: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Command {
  const child = spawn(process.execPath, [main, ...args], { env: { ...process.env, ...env }, stdio: 'pipe' });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString('utf8')));
  const closed = once(child, 'close');
  return {
    says: async (text) => {
      while (!said.stdout.includes(text)) {
        const more = await Promise.race([once(child.stdout, 'data').then(() => true), closed.then(() => false)]);
        if (!more) throw new Error(`it ended before it said "${text}":\n${said.stdout}${said.stderr}`);
      }
    },
    printed: () => said.stdout,
    interrupt: () => child.kill('SIGINT'),
    ended: async () => {
      await closed;
      return { exitCode: child.exitCode, ...said };
    },
  };
}
