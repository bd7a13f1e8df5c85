import { relative } from 'node:path';
import { type ServiceProcess, type StackInfo, table } from '@atlas/stack';
import { SERVICES } from '../system/services.ts';
import type { Saga } from '../story/saga.ts';
import type { Told, TrialBalance } from '../story/tell.ts';
import type { Finding } from '../story/verdict.ts';

/** The timeline of a saga below its title, oldest entry first. Times are UTC. */
export function timelineText(saga: Saga): string {
  const rows = saga
    .entries()
    .map(({ time, service, what, who, correlationId }) => [
      time.toISOString().slice(11, 23),
      service,
      what,
      who,
      correlationId,
    ]);
  return `\n${saga.title}\n\n${table([['time', 'service', 'what', 'who', 'correlationId'], ...rows])}`;
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

/** Stock by warehouse. */
export function stockText({ shipped, declined }: Told): string {
  const rows = [shipped, declined].map(({ goods: { sku }, level: { onHand, reserved } }) => [
    sku,
    `Warehouse of ${sku}`,
    String(onHand),
    String(reserved),
  ]);
  return `\nThe stock\n\n${table([['item', 'warehouse', 'on hand', 'reserved'], ...rows])}`;
}

/** The verdict, one line per promise. */
export function findingsText(findings: readonly Finding[]): string {
  return `\n${findings
    .map(({ holds, promise, seen }) => (holds ? `  ✓ ${promise}` : `  ✗ ${promise}\n      seen: ${seen}`))
    .join('\n')}`;
}

/** The addresses and logs of everything that runs, the door first; the users of Keycloak, and what to try. */
export function placesText(stack: StackInfo, processes: readonly ServiceProcess[], example: string): string {
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
${table([...services, ...users, ['registry', 'subjects', `${stack.registry.url}/subjects`]])}

  Try it yourself: curl -H "Authorization: Bearer $(make token USER=olga)" ${example}`;
}

/** Services start side by side, so they are known in another order each time. */
function rankOf({ service }: ServiceProcess): number {
  return SERVICES.indexOf(service);
}
