import { startErp } from '@atlas/erp';
import {
  login,
  progress,
  type Report,
  type ServiceProcess,
  type StackInfo,
  type UsedRisingStack,
  withRisingStack,
} from '@atlas/stack';
import { type Login, peopleOf, type Role } from '../people/people.ts';
import { tell } from '../story/tell.ts';
import { type Finding, verdict } from '../story/verdict.ts';
import { EVENT_TOPICS } from '../topics/eventOf.ts';
import { type RecordFeed, recordFeed } from '../topics/recordFeed.ts';
import {
  balanceText,
  findingsText,
  healthText,
  pagesText,
  placesText,
  stockText,
  timelineText,
  verdictText,
} from './texts.ts';

/** Several times as long as an order that is paid at once needs, and short enough to wait until it ends. */
const HOLD_SECONDS = 4;
const ROLES = ['ops', 'admin', 'finance', 'approver'] as const satisfies readonly Role[];

export interface DemoRun {
  readonly once: boolean;
  readonly signal: AbortSignal;
  readonly print: (text: string) => void;
}

/**
 * Plays the stories and returns the verdict: true if all promises are kept. It starts the stack if it is down. Without
 * `once`, everything stays up until the signal aborts. Always stops what it has started.
 */
export async function demo(run: DemoRun): Promise<boolean> {
  const report = progress(process.stdout);
  const options = { signal: run.signal, report, with: ['keycloak'] };
  const findings = await withRisingStack(options, (stack) => onStack(stack, report, run));
  if (run.once) run.print(verdictText(findings, process.uptime()));
  return findings.every(({ holds }) => holds);
}

/** Everything starts as soon as the parts of the stack that it needs are up. */
async function onStack(
  { info, up, signal, stays }: UsedRisingStack,
  report: Report,
  { once, signal: end, print }: DemoRun,
): Promise<readonly Finding[]> {
  const stack = info();
  await using stopping = new AsyncDisposableStack();
  const env = (program: string): Readonly<Record<string, string>> =>
    program === 'inventory' ? { RESERVATION_HOLD_SECONDS: String(HOLD_SECONDS) } : {};
  let feed: RecordFeed | undefined;
  const logins = new Map<Role, Login>();
  const meanwhile = async (): Promise<void> => {
    const opened = await recordFeed(stack, { topics: EVENT_TOPICS, signal });
    stopping.defer(() => opened.close());
    feed = opened;
    await up();
    await Promise.all(ROLES.map(async (role) => logins.set(role, await loginOf(stack, role))));
  };
  const erp = await startErp(stack, { signal, report, issuer: 'keycloak', env, up, meanwhile });
  stopping.defer(erp.stop);
  if (feed === undefined) throw new Error('the topics are not read');

  const { system, sandbox, providerKey } = erp;
  const processes = system.processes();
  const { url } = system.process('gateway');
  const people = await peopleOf(async (role) => logins.get(role) ?? loginOf(stack, role), url);
  const began = performance.now();
  report('story', 'working', 'people place, approve, pay and ship orders');
  const told = await tell({ people, feed, sandbox, providerKey, holdSeconds: HOLD_SECONDS });
  report(
    'story',
    'up',
    `four orders went through the whole system (${((performance.now() - began) / 1000).toFixed(1)} s)`,
  );

  const findings = verdict(told);
  for (const story of told.reported.stories)
    print(timelineText(story, (actorId) => people.nameOf(actorId), process.stdout.columns));
  print(healthText(told.reported.health));
  print(balanceText(told.balance));
  print(stockText(told.reported));
  print(findingsText(findings));
  const what = `the services${stays ? '; the stack was up before and stays up' : ' and the stack; data is kept'}`;
  if (once) {
    print(`\nStopping ${what}. "make demo" without ONCE=1 stays up and prints addresses and users.`);
    return findings;
  }
  print(verdictText(findings, process.uptime()));
  const { columns } = process.stdout;
  print(placesText(stack, processes, `${url}/v1/orders/${told.shipped.order.orderId}`, columns));
  print(pagesText(url, told.reported, columns));
  print('\nEverything stays up until Ctrl-C.');
  await Promise.race([aborted(end), ended(processes)]);
  print(`Stopping ${what}.`);
  return findings;
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
