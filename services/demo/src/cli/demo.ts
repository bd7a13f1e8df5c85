import {
  mintToken,
  progress,
  type Report,
  type ServiceProcess,
  type StackInfo,
  startSystem,
  type UsedStack,
  withStack,
} from '@atlas/stack';
import { peopleOf, type Role } from '../people/people.ts';
import { tell } from '../story/tell.ts';
import { verdict } from '../story/verdict.ts';
import { EVENT_TOPICS } from '../topics/eventOf.ts';
import { recordFeed } from '../topics/recordFeed.ts';
import { balanceText, findingsText, placesText, stockText, timelineText } from './texts.ts';

export interface DemoRun {
  readonly once: boolean;
  readonly signal: AbortSignal;
  readonly print: (text: string) => void;
}

/**
 * Plays the stories and gives the verdict: true if all promises hold. The stack may be down before. Without `once`
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
  const urlOf = (service: string): string => system.process(service).url;
  const people = await peopleOf(async (role) => ({ name: role, token: await tokenOf(stack, role) }), urlOf);
  const began = performance.now();
  report('story', 'working', 'people place, approve, pay and ship orders');
  const told = await tell(people, feed);
  report(
    'story',
    'up',
    `two orders went through the whole system (${((performance.now() - began) / 1000).toFixed(1)} s)`,
  );

  const findings = verdict(told);
  for (const { saga } of [told.shipped, told.short]) print(timelineText(saga));
  print(balanceText(told.balance));
  print(stockText(told));
  print(findingsText(findings));
  print(placesText(stack, processes, `${urlOf('orders')}/v1/orders/${told.shipped.order.orderId}`));
  if (!once) {
    print('\nEverything stays up until Ctrl-C.');
    await Promise.race([aborted(signal), ended(processes)]);
    print(`Stopping the services${stays ? '; the stack was up before and stays up' : ' and the stack; data is kept'}.`);
  }
  return findings.every(({ holds }) => holds);
}

function tokenOf(stack: StackInfo, role: Role): Promise<string> {
  return mintToken(stack, { sub: `demo-${role}`, roles: [role] });
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
