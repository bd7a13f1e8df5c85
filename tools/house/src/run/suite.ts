import { join } from 'node:path';
import { runSteps } from './runSteps.ts';
import { CHECK, REAL } from './steps.ts';
import { add, closingLine, type Tally } from './step.ts';
import { withStack } from './withStack.ts';

const LOGS = join('.atlas', 'logs', 'test');

/**
 * `make check` and `make test`. Ends with the closing line, whatever happened; exit code 0 only when something ran and
 * nothing failed, 130 after Ctrl-C.
 */
export async function suite(which: 'check' | 'test'): Promise<number> {
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupted.abort());
  const started = performance.now();
  let tally: Tally = await runSteps(CHECK, LOGS, interrupted.signal);
  if (which === 'test' && !interrupted.signal.aborted) {
    tally = add(tally, await withStack(LOGS, interrupted.signal, async () => runSteps(REAL, LOGS, interrupted.signal)));
  }
  const seconds = Math.round((performance.now() - started) / 1000);
  if (interrupted.signal.aborted) console.log(`interrupted after ${seconds} s`);
  else console.log(`${which} took ${seconds} s; logs are in ${LOGS}`);
  console.log(closingLine(tally));
  if (interrupted.signal.aborted) return 130;
  return tally.failed === 0 && tally.passed > 0 ? 0 : 1;
}
