import type { NewFault, Sandbox } from '@atlas/payment-sandbox';

const POLL_MS = 25;
const PATIENCE_MS = 60_000;

/**
 * Asks the provider to misbehave once, runs `work`, and waits until it has misbehaved. The fault applies to the next
 * payment, whichever it is, so two of these must not run side by side.
 */
export async function misbehave<T>(sandbox: Sandbox, fault: NewFault, work: () => Promise<T>): Promise<T> {
  sandbox.addFault(fault);
  const result = await work();
  const end = performance.now() + PATIENCE_MS;
  while (await isWaiting(sandbox, fault)) {
    if (performance.now() > end) throw new Error(`the provider had no chance for "${fault.kind}"`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return result;
}

async function isWaiting({ url }: Sandbox, { kind }: NewFault): Promise<boolean> {
  const body: unknown = await (await fetch(`${url}/_sandbox/faults`)).json();
  const faults = typeof body === 'object' && body !== null && 'faults' in body ? body.faults : [];
  return Array.isArray(faults) && faults.some((fault: unknown) => isOf(fault, kind));
}

function isOf(fault: unknown, kind: string): boolean {
  return typeof fault === 'object' && fault !== null && 'kind' in fault && fault.kind === kind;
}
