import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { finished, type Finished } from './caseFolder.ts';

const server = fileURLToPath(new URL('./warmServer.mjs', import.meta.url));

/** The command line in processes that keep running, as with --watch, because starting one costs more than most runs. */
export class WarmAtlas implements Disposable {
  readonly #children: ChildProcess[] = [];
  readonly #idle: ChildProcess[] = [];
  readonly #waiting: ((child: ChildProcess) => void)[] = [];

  constructor(processes = 2, env: Readonly<Record<string, string>> = {}) {
    for (let made = 0; made < processes; made++) {
      const child = fork(server, { env: { ...process.env, NO_COLOR: '1', ...env }, execArgv: [] });
      this.#children.push(child);
      this.#idle.push(child);
    }
  }

  async run(folder: string, args: readonly string[]): Promise<Finished> {
    const child = this.#idle.pop() ?? (await new Promise<ChildProcess>((resolve) => this.#waiting.push(resolve)));
    const answered = new AbortController();
    const { signal } = answered;
    try {
      child.send({ folder, args });
      const ended = once(child, 'exit', { signal }).then(() => []);
      const answer = await Promise.race([once(child, 'message', { signal }), ended]);
      const value: unknown = answer[0];
      if (!isFinished(value)) throw new Error(`atlas ${args.join(' ')} ended its process`);
      return finished(value);
    } finally {
      // Removes the listeners of this run.
      answered.abort();
      const next = this.#waiting.shift();
      if (next) next(child);
      else this.#idle.push(child);
    }
  }

  [Symbol.dispose](): void {
    for (const child of this.#children) child.kill();
  }
}

function isFinished(value: unknown): value is Finished {
  return typeof value === 'object' && value !== null && 'exit' in value && 'stdout' in value && 'stderr' in value;
}
