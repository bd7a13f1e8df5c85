import { randomUUID } from 'node:crypto';
import type { OrderReserved } from '@atlas/generated-workflow';
import { databaseTime as now } from '../src/adapters/databaseTime.ts';
import { pgApprovalStore as approvals } from '../src/adapters/pgApprovalStore.ts';
import { pgPolicyStore as policies } from '../src/adapters/pgPolicyStore.ts';
import { onOrderCancelled } from '../src/app/onOrderCancelled.ts';
import { onOrderReserved } from '../src/app/onOrderReserved.ts';
import { DIGEST } from './samples.ts';
import { aCtx, aMeta, type WorkflowDatabase } from './workflowDatabase.ts';

const asking = { approvals, policies, now };

/** An order that the default policy wants approved by one person. */
export const anOrder = (some: Partial<OrderReserved> = {}): OrderReserved => ({
  orderId: randomUUID(),
  orderVersion: 3n,
  digest: DIGEST,
  total: { amountMinor: 100_001n, currency: 'EUR' },
  requesterId: 'ops-1',
  ...some,
});

/** Hands the event in, as the plumbing would. */
export const reserved = (database: WorkflowDatabase, order: OrderReserved) =>
  database.transaction((tx) => onOrderReserved(asking)({ data: order, meta: aMeta(), ctx: aCtx() }, tx));

export const cancelled = (database: WorkflowDatabase, orderId: string) =>
  database.transaction((tx) => {
    const data = { orderId, orderVersion: 4n, reason: 'REQUESTED' } as const;
    return onOrderCancelled({ approvals, now })({ data, meta: aMeta(), ctx: aCtx() }, tx);
  });

/** Hands in an order that needs approval. Gives the path of its request. */
export async function pending(database: WorkflowDatabase, some: Partial<OrderReserved> = {}): Promise<string> {
  const { events } = await reserved(database, anOrder(some));
  const [event] = events;
  if (event?.type !== 'ApprovalRequested') throw new Error(`nobody is asked: ${event?.type}`);
  return `/v1/approvals/${event.data.approvalId}`;
}
