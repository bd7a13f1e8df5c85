import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs a command of this repository to the end of its process. `work` returns the exit code; an error that it throws is
 * printed as one message. Ctrl-C, `kill`, a closed terminal and a closed output pipe abort `signal`, and `work` then
 * stops what it has started. A second Ctrl-C does nothing, because it would interrupt that.
 */
export async function command(work: (signal: AbortSignal) => Promise<number>): Promise<never> {
  const stopping = new AbortController();
  const { signal } = stopping;
  let exitCode = 1;
  const stop = (code: number, why: string): void => {
    if (signal.aborted) return;
    exitCode = code;
    stopping.abort(new Error(why));
  };
  for (const name of SIGNALS) process.on(name, () => stop(128 + constants.signals[name], `stopped by ${name}`));
  // `make up | head`, or a closed terminal: without a listener the process would end at once.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => stop(1, 'nobody reads the output'));
  try {
    exitCode = await work(signal);
  } catch (error) {
    console.error(`\n${isAbort(error, signal) ? 'stopped, together with all that it started' : messageOf(error)}`);
  }
  // A probe of a server that has ended, or the timer of a client, may still be waiting.
  process.exit(exitCode);
}

// Any other error after an abort means that stopping has failed, which must be printed.
function isAbort(error: unknown, signal: AbortSignal): boolean {
  return signal.aborted && (error === signal.reason || (error instanceof Error && error.name === 'AbortError'));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
