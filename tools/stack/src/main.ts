import { constants } from 'node:os';
import { program } from './cli/program.ts';
import { withoutTimerWarnings } from './cli/quiet.ts';

// Ctrl-C, `kill` and a closed terminal abort the command, which then stops what it has started.
const stopping = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => {
    if (stopping.signal.aborted) return;
    process.exitCode = 128 + constants.signals[name];
    stopping.abort(new Error(`stopped by ${name}`));
  });
}

// Nobody reads any more (`make up | head`, a terminal that is gone): the same as Ctrl-C, instead of an end on the spot.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', () => {
    process.exitCode ??= 1;
    stopping.abort(new Error('nobody reads the output'));
  });
}

withoutTimerWarnings();

try {
  await program(stopping.signal).parseAsync();
} catch (error) {
  if (stopping.signal.aborted) console.error('\nstopped; what this had started is stopped too');
  else {
    console.error(`\n${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
  // A probe of a server that is gone now may still be waiting for its answer.
  process.exit();
}
