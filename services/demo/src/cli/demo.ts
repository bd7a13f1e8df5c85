import { progress, type Report, type ServiceProcess, startSystem, type UsedStack, withStack } from '@atlas/stack';
import { customer } from '../customer/customer.ts';
import { EVENT_TOPICS } from '../topics/eventOf.ts';
import { recordFeed } from '../topics/recordFeed.ts';
import { verdict } from '../walk/verdict.ts';
import { walk } from '../walk/walk.ts';
import { findingsText, placesText, timelinesText } from './texts.ts';

export interface DemoRun {
  readonly once: boolean;
  readonly signal: AbortSignal;
  readonly print: (text: string) => void;
}

/**
 * Runs the walk-through and gives its verdict: true if all promises hold. The stack may be down before. Without `once`
 * everything stays up until the signal aborts. Always stops what it started.
 */
export function demo(run: DemoRun): Promise<boolean> {
  const report = progress(process.stdout);
  return withStack({ signal: run.signal, report }, (stack) => onStack(stack, report, run));
}

async function onStack(
  { info: stack, stays }: UsedStack,
  report: Report,
  { once, signal, print }: DemoRun,
): Promise<boolean> {
  await using stopping = new AsyncDisposableStack();
  const system = await startSystem(stack, { signal, report });
  stopping.defer(() => system.stop());
  const feed = await recordFeed(stack, { topics: EVENT_TOPICS, signal });
  stopping.defer(() => feed.close());

  const processes = system.processes();
  const began = performance.now();
  const people = await customer(stack, system);
  const walked = await walk(people, feed, (doing) => report('walk', 'working', doing));
  report(
    'walk',
    'up',
    `two orders went through the whole system (${((performance.now() - began) / 1000).toFixed(1)} s)`,
  );

  const findings = verdict(walked);
  print(timelinesText(walked));
  print(findingsText(findings));
  print(placesText(stack, processes, walked));
  if (!once) {
    print('\nEverything stays up until Ctrl-C.');
    await Promise.race([aborted(signal), ended(processes)]);
    print(`Stopping the services${stays ? '; the stack was up before and stays up' : ' and the stack; data is kept'}.`);
  }
  return findings.every(({ holds }) => holds);
}

/** Never resolves. Throws if a service ends by itself. */
async function ended(processes: readonly ServiceProcess[]): Promise<void> {
  const first = await Promise.race(processes.map((process) => process.gone.then(() => process)));
  throw new Error(`${first.service} has ended\n  log: ${first.log}`);
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
