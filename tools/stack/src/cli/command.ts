import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs a command of this repository to the end of its process. `work` gives the exit code, and prints nothing of its
 * failure: what it throws is said in one message. Ctrl-C, `kill`, a closed terminal and output that nobody reads abort
 * `signal`; `work` then stops what it has started. A second Ctrl-C changes nothing, or the stopping would be cut short.
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
  // `make up | head`, a terminal that is gone: without a listener the process would end on the spot.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => stop(1, 'nobody reads the output'));
  try {
    exitCode = await work(signal);
  } catch (error) {
    console.error(`\n${isAbort(error, signal) ? 'stopped; what this had started is stopped too' : messageOf(error)}`);
  }
  // A probe of a server that is gone, or a client's timer, may still be waiting.
  process.exit(exitCode);
}

// Whatever else is thrown after an abort is a fault of the stopping, and the person must hear of it.
function isAbort(error: unknown, signal: AbortSignal): boolean {
  return signal.aborted && (error === signal.reason || (error instanceof Error && error.name === 'AbortError'));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
