import { type Outcome, runStep, tail } from './runStep.ts';
import { resultLine, startProgress } from './progress.ts';
import { add, NOTHING, type Step, type Tally } from './step.ts';

const SHOWN_LINES = 60;

/**
 * Runs all steps in order, a failed one included: whoever reads the result wants every finding of one run, not the
 * first. Steps after an abort are not started and count as nothing.
 */
export async function runSteps(steps: readonly Step[], logs: string, signal: AbortSignal): Promise<Tally> {
  let sum = NOTHING;
  for (const step of steps) {
    if (signal.aborted) break;
    const stopProgress = startProgress(step.name);
    const outcome = await runStep(step, logs, signal);
    stopProgress();
    console.log(resultLine(step.name, outcome.tally.failed === 0, outcome.seconds, detail(step, outcome)));
    if (outcome.tally.failed > 0) console.log(`${indented(tail(outcome.log, SHOWN_LINES))}\n  log: ${outcome.log}`);
    sum = add(sum, outcome.tally);
  }
  return sum;
}

function detail(step: Step, { tally }: Outcome): string {
  if (step.counts === 'gate') return '';
  const parts = [`${tally.passed} passed`];
  if (tally.failed > 0) parts.push(`${tally.failed} failed`);
  if (tally.skipped > 0) parts.push(`${tally.skipped} skipped`);
  return parts.join(', ');
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '  | ');
}
