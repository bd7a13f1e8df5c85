import { startErp } from '@atlas/erp';
import {
  login,
  progress,
  type Report,
  type ServiceProcess,
  type StackInfo,
  type UsedStack,
  withStack,
} from '@atlas/stack';
import { type Login, peopleOf, type Role } from '../people/people.ts';
import { tell } from '../story/tell.ts';
import { verdict } from '../story/verdict.ts';
import { EVENT_TOPICS } from '../topics/eventOf.ts';
import { recordFeed } from '../topics/recordFeed.ts';
import { balanceText, findingsText, healthText, pagesText, placesText, stockText, timelineText } from './texts.ts';

/** Long enough for an order that is paid at once, and short enough to wait until it ends. */
const HOLD_SECONDS = 10;

export interface DemoRun {
  readonly once: boolean;
  readonly signal: AbortSignal;
  readonly print: (text: string) => void;
}

/**
 * Plays the stories and returns the verdict: true if all promises are kept. It starts the stack if it is down. Without
 * `once`, everything stays up until the signal aborts. Always stops what it has started.
 */
export function demo(run: DemoRun): Promise<boolean> {
  const report = progress(process.stdout);
  return withStack({ signal: run.signal, report, with: ['keycloak'] }, (stack) => onStack(stack, report, run));
}

async function onStack(
  { info: stack, stays }: UsedStack,
  report: Report,
  { once, signal, print }: DemoRun,
): Promise<boolean> {
  await using stopping = new AsyncDisposableStack();
  const env = (program: string): Readonly<Record<string, string>> =>
    program === 'inventory' ? { RESERVATION_HOLD_SECONDS: String(HOLD_SECONDS) } : {};
  const { system, sandbox, providerKey, stop } = await startErp(stack, { signal, report, issuer: 'keycloak', env });
  stopping.defer(stop);
  const feed = await recordFeed(stack, { topics: EVENT_TOPICS, signal });
  stopping.defer(() => feed.close());

  const processes = system.processes();
  const { url } = system.process('gateway');
  const people = await peopleOf((role) => loginOf(stack, role), url);
  const began = performance.now();
  report('story', 'working', 'people place, approve, pay and ship orders');
  const told = await tell({ people, feed, sandbox, providerKey, holdSeconds: HOLD_SECONDS });
  report(
    'story',
    'up',
    `four orders went through the whole system (${((performance.now() - began) / 1000).toFixed(1)} s)`,
  );

  const findings = verdict(told);
  for (const story of told.reported.stories) print(timelineText(story, (actorId) => people.nameOf(actorId)));
  print(healthText(told.reported.health));
  print(balanceText(told.balance));
  print(stockText(told.reported));
  print(findingsText(findings));
  print(placesText(stack, processes, `${url}/v1/orders/${told.shipped.order.orderId}`));
  print(pagesText(url, told.reported));
  if (!once) {
    print('\nEverything stays up until Ctrl-C.');
    await Promise.race([aborted(signal), ended(processes)]);
    print(`Stopping the services${stays ? '; the stack was up before and stays up' : ' and the stack; data is kept'}.`);
  }
  return findings.every(({ holds }) => holds);
}

/** A user of the realm with this role. Throws if there is none. */
async function loginOf(stack: StackInfo, role: Role): Promise<Login> {
  const found = Object.entries(stack.keycloak?.users ?? {}).find(([, { roles }]) => roles.includes(role));
  if (found === undefined) throw new Error(`specs/realm.yaml has no user with the role ${role}`);
  const [name] = found;
  return { name, token: await login(stack, name) };
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
