import { randomUUID } from 'node:crypto';
import { microsOf } from '@atlas/runtime/time';
import type { ManualJournalRequested, OrderReserved } from '@atlas/generated-workflow';
import { databaseTime as now } from '../src/adapters/databaseTime.ts';
import { pgApprovalStore as approvals } from '../src/adapters/pgApprovalStore.ts';
import { pgPolicyStore as policies } from '../src/adapters/pgPolicyStore.ts';
import { onAdjustmentRequested } from '../src/app/onAdjustmentRequested.ts';
import { onManualJournalRequested } from '../src/app/onManualJournalRequested.ts';
import { onOrderCancelled } from '../src/app/onOrderCancelled.ts';
import { onOrderReserved } from '../src/app/onOrderReserved.ts';
import { onRefundRequested } from '../src/app/onRefundRequested.ts';
import { DIGEST } from './samples.ts';
import { aCtx, aMeta, type WorkflowDatabase } from './workflowDatabase.ts';

const asking = { approvals, policies, now };

/** An order that one person must approve by the default policy. */
export const anOrder = (some: Partial<OrderReserved> = {}): OrderReserved => ({
  orderId: randomUUID(),
  orderVersion: 3n,
  digest: DIGEST,
  total: { amountMinor: 100_001n, currency: 'EUR' },
  requesterId: 'ops-1',
  lines: [
    {
      lineId: randomUUID(),
      sku: 'BOLT-M8',
      qty: 10n,
      unitPrice: { preciseAmount: 84_034n, fractionDigits: 3 },
      net: { amountMinor: 84_034n, currency: 'EUR' },
      tax: { amountMinor: 15_967n, currency: 'EUR' },
    },
  ],
  ...some,
});

/** Passes the event to its handler, as the plumbing would. */
export const reserved = (database: WorkflowDatabase, order: OrderReserved) =>
  database.transaction((tx) => onOrderReserved(asking)({ data: order, meta: aMeta(), ctx: aCtx() }, tx));

export const cancelled = (database: WorkflowDatabase, orderId: string) =>
  database.transaction((tx) => {
    const data = { orderId, orderVersion: 4n, reason: 'REQUESTED' } as const;
    return onOrderCancelled({ approvals, now })({ data, meta: aMeta(), ctx: aCtx() }, tx);
  });

/** Passes an order that needs approval to its handler. Returns the path of its request. */
export async function pending(database: WorkflowDatabase, some: Partial<OrderReserved> = {}): Promise<string> {
  const { events } = await reserved(database, anOrder(some));
  const [event] = events;
  if (event?.type !== 'ApprovalRequested') throw new Error(`nobody is asked: ${event?.type}`);
  return `/v1/approvals/${event.data.approvalId}`;
}

const REQUEST = { version: 1n, digest: DIGEST, requesterId: 'finance-1', requestedAt: microsOf(new Date()) };
const MONEY = { amountMinor: 1n, currency: 'KWD' };

export const refundRequested = (database: WorkflowDatabase, automatic: boolean) =>
  database.transaction((tx) => {
    const ids = { refundId: randomUUID(), paymentId: randomUUID(), orderId: null };
    const data = { ...REQUEST, ...ids, amount: MONEY, automatic };
    return onRefundRequested(asking)({ data, meta: aMeta(), ctx: aCtx() }, tx);
  });

export const journalRequested = (database: WorkflowDatabase, some: Partial<ManualJournalRequested> = {}) =>
  database.transaction((tx) => {
    const about = {
      description: 'The bank took its fee',
      effectiveDate: '2026-11-24',
      reverses: null,
      lines: [
        { account: 'FEES', side: 'DEBIT', amount: MONEY },
        { account: 'BANK', side: 'CREDIT', amount: MONEY },
      ],
    } as const;
    const data = { ...REQUEST, journalId: randomUUID(), total: MONEY, ...about, ...some };
    return onManualJournalRequested(asking)({ data, meta: aMeta(), ctx: aCtx() }, tx);
  });

export const adjustmentRequested = (database: WorkflowDatabase, delta: bigint) =>
  database.transaction((tx) => {
    const ids = { adjustmentId: randomUUID(), warehouseId: randomUUID() };
    const data = { ...REQUEST, ...ids, sku: 'BOLT-M8', expectedOnHand: 10n, delta, reason: 'counted' };
    return onAdjustmentRequested(asking)({ data, meta: aMeta(), ctx: aCtx() }, tx);
  });
