import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { optionsOf } from './environment.ts';
import { startSandbox } from './startSandbox.ts';

/** Runs the sandbox as a process, until SIGTERM or SIGINT. The README has its variables. */
const options = optionsOf(process.env);
if (typeof options === 'string') {
  console.error(`the payment sandbox cannot start: ${options}`);
  process.exit(1);
}
if (options.file !== undefined) mkdirSync(dirname(options.file), { recursive: true });
const sandbox = await startSandbox(options).catch((error: unknown) => {
  console.error(`the payment sandbox cannot start: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});
// printed in the form of a service, so that the stack can start it as one of its programs
console.log(JSON.stringify({ msg: 'listening', url: sandbox.url, adminUrl: sandbox.url }));
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, () => {
    void sandbox.stop().then(() => process.exit(0));
  });
