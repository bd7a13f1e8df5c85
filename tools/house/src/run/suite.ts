import { join } from 'node:path';
import { type Count, runSteps } from './runSteps.ts';
import { CHECK, OUTSIDE, REAL } from './steps.ts';
import { add, closingLine, NOTHING, type Step } from './step.ts';
import { withStack } from './withStack.ts';

const LOGS = join('.atlas', 'logs', 'test');

/**
 * Runs `make check` or `make test`. Always ends with the closing line. Returns exit code 0 only if something ran and
 * nothing failed, 130 after Ctrl-C.
 */
export async function suite(which: 'check' | 'test'): Promise<number> {
  const interrupted = new AbortController();
  const { signal } = interrupted;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => interrupted.abort());
  // Nobody reads the output any more. Ending at once would leave a stack running.
  process.stdout.on('error', () => interrupted.abort());
  const started = performance.now();
  let tally = NOTHING;
  const failed: string[] = [];
  const count: Count = (result) => {
    tally = add(tally, result.tally);
    failed.push(...result.failures);
  };
  try {
    const steps = (some: readonly Step[]): Promise<void> => runSteps(some, LOGS, signal, count);
    await steps(CHECK);
    if (which === 'test')
      await withStack({ logs: LOGS, signal, count, meanwhile: () => steps(OUTSIDE), work: () => steps(REAL) });
  } catch (error) {
    // The runner itself has failed, because of a full disk for example.
    console.log(`${which} cannot continue: ${error instanceof Error ? error.message : String(error)}`);
    count({ tally: { ...NOTHING, failed: 1 }, failures: [] });
  }
  // listed at the end, because a long log hides earlier messages
  if (failed.length > 0) console.log(`failed:\n${failed.join('\n').replaceAll(/^/gm, '  ')}`);
  const took = `${signal.aborted ? 'was interrupted after' : 'took'} ${Math.round((performance.now() - started) / 1000)} s`;
  const skipped = tally.skipped > 0 ? `, ${tally.skipped} skipped` : '';
  console.log(`${which} ${took}${skipped}; logs are in ${LOGS}`);
  console.log(closingLine(tally));
  if (signal.aborted) return 130;
  return tally.failed === 0 && tally.passed > 0 ? 0 : 1;
}
