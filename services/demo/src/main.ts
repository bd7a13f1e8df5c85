import { constants } from 'node:os';
import { withoutTimerWarnings } from '@atlas/stack';
import { demo } from './cli/demo.ts';
import { HELP, optionsOf, type DemoOptions } from './cli/options.ts';

const stopping = new AbortController();
let interruptedBy: NodeJS.Signals | undefined;
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => {
    interruptedBy ??= name;
    stopping.abort(new Error(`stopped by ${name}`));
  });
}
withoutTimerWarnings();

let options: DemoOptions | undefined;
try {
  options = optionsOf(process.argv.slice(2));
} catch (error) {
  console.error(`${messageOf(error)}\n\n${HELP}`);
  process.exit(2);
}

if (options.help) console.log(HELP);
else {
  try {
    const verdict = await demo({ once: options.once, signal: stopping.signal, print: console.log });
    process.exitCode = verdict ? 0 : 1;
  } catch (error) {
    if (interruptedBy === undefined) console.error(`\n${messageOf(error)}`);
    else console.error('\nstopped; what this had started is stopped too');
    process.exitCode = interruptedBy === undefined ? 1 : 128 + constants.signals[interruptedBy];
  }
  process.exit();
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
