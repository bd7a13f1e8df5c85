import { randomUUID } from 'node:crypto';
import { Marked } from './marked.ts';
import { runStep } from './runStep.ts';
import { type Count, showStep } from './runSteps.ts';
import type { Step } from './step.ts';

const STACK = ['node', 'tools/stack/src/main.ts'] as const;

// With Keycloak, because tests of both projects need it, and otherwise each of them would start it.
const UP: Step = {
  name: 'stack up',
  command: [...STACK, 'up', '--with', 'keycloak'],
  counts: 'gate',
  // the first start downloads 400 MB and builds Keycloak
  limit: 900,
  leavesServers: true,
};
const DOWN: Step = { name: 'stack down', command: [...STACK, 'down'], counts: 'gate', limit: 60 };
const STATUS: Step = { name: 'stack status', command: [...STACK, 'status'], counts: 'gate', limit: 30 };

export interface WithStack {
  readonly logs: string;
  readonly signal: AbortSignal;
  readonly count: Count;
  /** Runs while the stack starts, which leaves a core unused most of the time. */
  readonly meanwhile: () => Promise<void>;
  /** Runs with the stack up, after `meanwhile`. */
  readonly work: () => Promise<void>;
}

/**
 * Starts the stack and runs `meanwhile`, then `work`. A stack that is up already is used and left running. A stack that
 * this run starts is stopped again, also after a failure and after Ctrl-C.
 */
export async function withStack({ logs, signal, count, meanwhile, work }: WithStack): Promise<void> {
  const running = (await runStep(STATUS, logs, signal)).tally.failed === 0;
  // An interrupted status says nothing, so what runs may belong to a developer.
  if (signal.aborted) return;
  const mark = randomUUID();
  const start = async (): Promise<boolean> => {
    const { tally } = await showStep(UP, logs, signal, { mark, note: running ? 'was running already' : '' });
    count({ tally, failures: tally.failed === 0 ? [] : [UP.name] });
    return tally.failed === 0;
  };
  try {
    const both = [start(), meanwhile()] as const;
    // the stack must not be stopped while it still starts
    await Promise.allSettled(both);
    const [isUp] = await Promise.all(both);
    if (isUp) await work();
    else console.log('  the stack did not start, so the steps that need it do not run');
  } finally {
    // without its folder, nobody else knows what the stack has started
    if (!running) await runStep(DOWN, logs, new AbortController().signal).catch(() => new Marked(mark).end());
  }
}
