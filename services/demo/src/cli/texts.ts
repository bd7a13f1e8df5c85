import { relative } from 'node:path';
import { type ServiceProcess, type StackInfo, table } from '@atlas/stack';
import type { Entry } from '../timeline/entry.ts';
import type { Finding } from '../walk/verdict.ts';
import { FIRST, RECEIVED, SECOND, type Walk } from '../walk/walk.ts';

/** Both timelines, each below a line that says what it shows. */
export function timelinesText({ sku, reserved, failed }: Walk): string {
  return `
An order that finds stock: ${FIRST} × ${sku}, of which there are ${RECEIVED}

${timeline(reserved.entries)}

An order that does not: ${SECOND} × ${sku}, of which ${RECEIVED - FIRST} are left

${timeline(failed.entries)}
`;
}

/** A timeline as text, oldest entry first. Times are UTC. */
function timeline(entries: readonly Entry[]): string {
  const rows = entries
    .toSorted((a, b) => a.time.getTime() - b.time.getTime())
    .map(({ time, service, what, correlationId }) => [time.toISOString().slice(11, 23), service, what, correlationId]);
  return table([['time', 'service', 'what', 'correlationId'], ...rows]);
}

/** The verdict, one line per promise. */
export function findingsText(findings: readonly Finding[]): string {
  return findings
    .map(({ holds, promise, seen }) => (holds ? `  ✓ ${promise}` : `  ✗ ${promise}\n      seen: ${seen}`))
    .join('\n');
}

/** The addresses and logs of everything that runs. */
export function placesText(stack: StackInfo, processes: readonly ServiceProcess[], { reserved }: Walk): string {
  const services = processes.flatMap(({ service, url, adminUrl, log }) => [
    [service, 'API reference', `${url}/docs`],
    ['', 'metrics', `${adminUrl}/metrics`],
    ['', 'health', `${adminUrl}/health/ready`],
    ['', 'log', relative(process.cwd(), log)],
  ]);
  const orders = processes.find(({ service }) => service === 'orders');
  const example = `${orders?.url ?? ''}/v1/orders/${reserved.order.orderId}`;
  return `
${table([...services, ['registry', 'subjects', `${stack.registry.url}/subjects`]])}

  Try it yourself: curl -H "Authorization: Bearer $(make token)" ${example}`;
}
