import { relative } from 'node:path';
import { type ServiceProcess, type StackInfo, table } from '@atlas/stack';
import { timeline } from '../timeline/timeline.ts';
import type { Finding } from '../walk/verdict.ts';
import { FIRST, RECEIVED, SECOND, type Walk } from '../walk/walk.ts';

/** Both timelines under a line that says what to see in them. */
export function timelinesText({ sku, reserved, failed }: Walk): string {
  return `
An order that finds stock: ${FIRST} × ${sku}, of which there are ${RECEIVED}

${timeline(reserved.entries)}

An order that does not: ${SECOND} × ${sku}, of which ${RECEIVED - FIRST} are left

${timeline(failed.entries)}
`;
}

/** The verdict, a line for each promise. */
export function findingsText(findings: readonly Finding[]): string {
  return findings
    .map(({ holds, promise, seen }) => (holds ? `  ✓ ${promise}` : `  ✗ ${promise}\n      seen: ${seen}`))
    .join('\n');
}

/** Where to look on. */
export function placesText(stack: StackInfo, processes: readonly ServiceProcess[], { reserved }: Walk): string {
  const services = processes.flatMap(({ service, url, adminUrl, log }) => [
    [service, 'API reference', `${url}/docs`],
    ['', 'metrics', `${adminUrl}/metrics`],
    ['', 'health', `${adminUrl}/health/ready`],
    ['', 'log', relative(process.cwd(), log)],
  ]);
  const [orders] = processes;
  const example = `${orders?.url ?? ''}/v1/orders/${reserved.order.orderId}`;
  return `
${table([...services, ['registry', 'subjects', `${stack.registry.url}/subjects`]])}

  Ask it yourself: curl -H "Authorization: Bearer $(make token)" ${example}`;
}
