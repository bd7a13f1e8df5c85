import { runStep, tail } from './runStep.ts';
import { resultLine, startProgress } from './progress.ts';
import { add, type Step, type Tally } from './step.ts';

const STACK = ['node', 'tools/stack/src/main.ts'] as const;

const UP: Step = { name: 'stack up', command: [...STACK, 'up'], counts: 'gate', limit: 300 };
const DOWN: Step = { name: 'stack down', command: [...STACK, 'down'], counts: 'gate', limit: 60 };
const STATUS: Step = { name: 'stack status', command: [...STACK, 'status'], counts: 'gate', limit: 30 };

/**
 * Runs `work` with the stack up. One that a developer has running is used and left running; one that this run started
 * is stopped again, also after a failure and after Ctrl-C.
 */
export async function withStack(logs: string, signal: AbortSignal, work: () => Promise<Tally>): Promise<Tally> {
  const running = (await runStep(STATUS, logs, signal)).tally.failed === 0;
  const stopProgress = startProgress(UP.name);
  const up = await runStep(UP, logs, signal);
  stopProgress();
  const ok = up.tally.failed === 0;
  console.log(resultLine(UP.name, ok, up.seconds, running ? 'was running already' : ''));
  if (!ok) console.log(`${tail(up.log, 40)}\n  log: ${up.log}`);
  try {
    return ok ? add(up.tally, await work()) : up.tally;
  } finally {
    if (!running) await runStep(DOWN, logs, new AbortController().signal);
  }
}
