import { availableParallelism } from 'node:os';
import { type Outcome, runStep, stateOf, tail } from './runStep.ts';
import { resultLine, startProgress } from './progress.ts';
import type { Step, Tally } from './step.ts';
import { filesText } from './vitestReport.ts';

const SHOWN_LINES = 60;

/** Receives the result of a step as soon as it is known, so that a later failure cannot lose it. */
export type Count = (result: { readonly tally: Tally; readonly failures: readonly string[] }) => void;

/**
 * Runs all steps and continues after a failed one, so that one run reports every finding. Gates run side by side, one
 * per core, because most of them use one; a vitest run uses all cores and is alone. After an abort the remaining steps
 * are not started and do not count. If the runner itself fails, it ends the steps that run and throws.
 */
export async function runSteps(steps: readonly Step[], logs: string, signal: AbortSignal, count: Count): Promise<void> {
  const left = [...steps];
  const failure = new AbortController();
  const both = AbortSignal.any([signal, failure.signal]);
  const work = async (isNext: (step: Step) => boolean): Promise<void> => {
    for (let [step] = left; step !== undefined && isNext(step) && !both.aborted; [step] = left) {
      left.shift();
      const { tally, failures, cut = '' } = await showStep(step, logs, both);
      const named = failures.length > 0 || tally.failed === 0 ? failures : [cut];
      count({ tally, failures: named.map((failure) => `${step.name}${failure && `, ${failure}`}`) });
    }
  };
  while (left.length > 0 && !signal.aborted) {
    const gates = (): Promise<void> => work(({ counts }) => counts === 'gate').catch((error) => failure.abort(error));
    await Promise.all(Array.from({ length: availableParallelism() }, gates));
    failure.signal.throwIfAborted();
    await work(({ counts }) => counts === 'vitest');
  }
}

/** Runs one step. Prints its progress, its result line and, if it failed, the end of its log. */
export async function showStep(
  step: Step,
  logs: string,
  signal: AbortSignal,
  { note = '', mark }: { readonly note?: string; readonly mark?: string } = {},
): Promise<Outcome> {
  const stopProgress = startProgress(step.name, () => filesText(stateOf(step, logs)));
  const outcome = await runStep(step, logs, signal, mark).finally(stopProgress);
  const failed = outcome.tally.failed > 0;
  console.log(resultLine(step.name, !failed, outcome.seconds, detail(step, outcome, note)));
  if (failed) console.log(whatItSaid(step, outcome.log));
  return outcome;
}

function whatItSaid({ command }: Step, log: string): string {
  const end = tail(log, SHOWN_LINES);
  if (end !== undefined) return `${indented(end)}\n  log: ${log}`;
  return `  its log ${log} was removed while it ran; to see its output, run: ${command.join(' ')}`;
}

function detail(step: Step, { tally, cut, left }: Outcome, note: string): string {
  const counts = step.counts === 'gate' ? [] : [`${tally.passed} passed`];
  if (step.counts === 'vitest' && tally.failed > 0) counts.push(`${tally.failed} failed`);
  if (tally.skipped > 0) counts.push(`${tally.skipped} skipped`);
  if (cut !== undefined) counts.push(cut);
  if (left > 0) counts.push(`left ${left} processes running, which were ended`);
  return [...counts, note].filter(Boolean).join(', ');
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '  | ');
}
