import { readStack, type Report, stackDown, stackUp } from '@atlas/stack';

/**
 * Runs `work` with the stack up where `needed`. One that runs already is used and left running; one that this started is
 * stopped again, also after a failure and after Ctrl-C.
 */
export async function withStack<T>(needed: boolean, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  if (!needed || readStack() !== undefined) return work();
  console.log('no stack is up: starting one for this run');
  await stackUp({ signal, report });
  console.log();
  try {
    return await work();
  } finally {
    await stackDown();
    console.log('the stack of this run is stopped');
  }
}

const report: Report = (part, phase, text) => {
  if (phase !== 'working') console.log(`  ${phase === 'up' ? '✓' : '✗'} ${part}: ${text}`);
};
