import { relative } from 'node:path';
import { contract } from '@atlas/generated-reporting';
import { type ServiceProcess, type StackInfo, table } from '@atlas/stack';
import { addressesWithin, timelineWithin } from './fitting.ts';
import { SERVICES } from '../system/services.ts';
import type { Reported, ReportedStory, SagaHealth } from '../story/reports.ts';
import type { TrialBalance } from '../story/tell.ts';
import type { Finding } from '../story/verdict.ts';

/** The printed parts of a story. */
type Printed = Pick<ReportedStory, 'title' | 'correlationIds'> & {
  readonly timeline: Pick<ReportedStory['timeline'], 'entries'>;
};

/**
 * A story as Reporting shows it, below its title and correlation ids. Each line says when something happened, how long
 * after its cause, who did it and why. `nameOf` returns the name of a person for the id of an actor. Times are UTC.
 * If lines have more than `width` columns, `why` has only the names of events, or is left out, and `what` is wrapped.
 */
export function timelineText(
  { title, correlationIds, timeline }: Printed,
  nameOf: (actorId: string) => string,
  width = Infinity,
): string {
  const rows = timeline.entries.map(({ at, afterSeconds, service, summary, actorId, why }) => [
    at.slice(11, 23),
    `+${afterSeconds.toFixed(2)} s`,
    service,
    summary,
    actorId === undefined ? '' : nameOf(actorId),
    why ?? '',
  ]);
  const ids = `Correlation ids: ${correlationIds.join(', ')}`;
  return `\n${title}\n${ids}\n\n${timelineWithin([['time', 'after', 'service', 'what', 'who', 'why'], ...rows], width)}`;
}

/** How many orders are in each state, and the orders that make no progress. */
export function healthText({ states, stuck, meta }: SagaHealth): string {
  const counts = states.filter(({ orders }) => orders > 0).map(({ state, orders }) => `${orders} ${state}`);
  const open = counts.length === 0 ? 'no order is open' : counts.join(', ');
  const rows = stuck.map(({ orderId, state, waitsFor, movedBy }) => [orderId, state, waitsFor, movedBy]);
  const still =
    rows.length === 0 ? 'None stands still.' : table([['order', 'state', 'waits for', 'moved by'], ...rows]);
  return `\nThe saga health, as of ${meta.lagSeconds.toFixed(1)} s ago: ${open}\n\n${still}`;
}

/**
 * The addresses of the first order's timeline and of all reports that need no id, and who may read them, in lines of
 * `width` columns if that is possible.
 */
export function pagesText(door: string, { stories }: Pick<Reported, 'stories'>, width = Infinity): string {
  const [first] = stories;
  const reports = contract.operations.filter(
    ({ path, responses }) => responses[200]?.texts?.includes('text/html') === true && !path.includes('{'),
  );
  const pages = [
    ['reports', `${door}/`, 'all pages; log in as one of the users above'],
    ...(first ? [['', `${door}/v1/reports/orders/${first.timeline.order.orderId}/timeline`, 'the first order']] : []),
    ...reports.map(({ path, security }) => [
      '',
      door + path,
      `for ${security.flatMap(({ roles }) => roles).join(', ')}`,
    ]),
  ];
  return `\n${addressesWithin(pages, width)}`;
}

/** The balance of each account. */
export function balanceText({ accounts }: TrialBalance): string {
  const rows = accounts.map(({ account, currency, debit, credit }) => [account, major(debit), major(credit), currency]);
  return `\nThe trial balance\n\n${table([['account', 'debit', 'credit', 'currency'], ...rows])}`;
}

/** An amount with two digits after the point. */
function major(minor: string): string {
  return (Number(minor) / 100).toFixed(2);
}

/** The stock of each warehouse, as both services count it. */
export function stockText({ stock }: Reported): string {
  const rows = stock.map(({ sku, inventory, reporting }) => [sku, `Warehouse of ${sku}`, inventory, reporting]);
  return `\nThe stock\n\n${table([['item', 'warehouse', 'by Inventory', 'by Reporting'], ...rows])}`;
}

/** The verdict, one line per promise. */
export function findingsText(findings: readonly Finding[]): string {
  return `\n${findings
    .map(({ holds, promise, seen }) => (holds ? `  ✓ ${promise}` : `  ✗ ${promise}\n      seen: ${seen}`))
    .join('\n')}`;
}

/** The verdict in one line, with the exit code that `--once` gives. `seconds` is how long the demo took. */
export function verdictText(findings: readonly Finding[], seconds: number): string {
  const broken = findings.filter(({ holds }) => !holds).length;
  const took = `${seconds.toFixed(0)} s`;
  if (broken === 0) return `\nAll ${findings.length} promises were kept, in ${took}: exit code 0.`;
  return `\n${broken} of ${findings.length} promises were not kept (✗ above), in ${took}: exit code 1.`;
}

/**
 * The addresses and logs of everything that runs, the door first; the users of Keycloak, and what to try. Lines of
 * addresses have at most `width` columns if that is possible.
 */
export function placesText(
  stack: Pick<StackInfo, 'keycloak' | 'registry'>,
  processes: readonly Pick<ServiceProcess, 'service' | 'url' | 'adminUrl' | 'log'>[],
  example: string,
  width = Infinity,
): string {
  const users = Object.entries(stack.keycloak?.users ?? {}).map(([name, { roles, password }], index) => [
    index === 0 ? 'keycloak' : '',
    `log in as ${name} (${roles.join(', ')})`,
    index === 0 ? `${stack.keycloak?.url ?? ''}, password ${password}` : `password ${password}`,
  ]);
  const ordered = processes.toSorted((a, b) => rankOf(a) - rankOf(b));
  const services = ordered.flatMap(({ service, url, adminUrl, log }) => [
    [service, 'API reference', `${url}/docs`],
    ['', 'metrics', `${adminUrl}/metrics`],
    ['', 'health', `${adminUrl}/health/ready`],
    ['', 'log', relative(process.cwd(), log)],
  ]);
  return `
${addressesWithin([...services, ...users, ['registry', 'subjects', `${stack.registry.url}/subjects`]], width)}

  Try it yourself: curl -H "Authorization: Bearer $(make token USER=olga)" ${example}`;
}

/** Services start side by side, so their order differs each time. */
function rankOf({ service }: Pick<ServiceProcess, 'service'>): number {
  return SERVICES.indexOf(service);
}
