import { randomUUID } from 'node:crypto';
import type {
  ApprovalGranted,
  OnStockReservationFailed,
  ReservationReleased,
  ShipmentDispatched,
  StockReserved,
  UpdateDraftOrder,
} from '@atlas/generated-orders';
import { microsOf } from '@atlas/runtime/time';
import { sha256 } from '@atlas/runtime/digest';
import { awaitApproval } from '../src/app/awaitApproval.ts';
import { cancelOrder } from '../src/app/cancelOrder.ts';
import { discardOrder } from '../src/app/discardOrder.ts';
import { onApprovalExpired } from '../src/app/onApprovalExpired.ts';
import { onApprovalGranted } from '../src/app/onApprovalGranted.ts';
import { onApprovalRejected } from '../src/app/onApprovalRejected.ts';
import { onInvoiceIssued } from '../src/app/onInvoiceIssued.ts';
import { onInvoicePaid } from '../src/app/onInvoicePaid.ts';
import { onInvoicePaymentFailed } from '../src/app/onInvoicePaymentFailed.ts';
import { onReservationExpired } from '../src/app/onReservationExpired.ts';
import { onReservationReleased } from '../src/app/onReservationReleased.ts';
import { onShipmentDispatched } from '../src/app/onShipmentDispatched.ts';
import { onStockReservationFailed } from '../src/app/onStockReservationFailed.ts';
import { placeOrder } from '../src/app/placeOrder.ts';
import { updateDraftOrder } from '../src/app/updateDraftOrder.ts';
import type { OrderStore, Tx } from '../src/ports.ts';
import { LINE_ID, NOW, ORDER_ID, confirmation, invoice, reservation, shortage } from './samples.ts';

/** Runs `work` in a transaction. */
export type Run = <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;

export type Parts = ShipmentDispatched['lines'][number][];

const AT = microsOf(NOW);
const money = { amountMinor: 0n, currency: 'EUR' };

/** 4 pieces of the line of `aLine`. */
export const FOUR = [{ lineId: LINE_ID, sku: 'BOLT-M8', qty: 4n }];

/**
 * Calls the handlers of Orders with commands and events about one order. Members that are not given match that order.
 */
export function saga(orders: OrderStore, run: Run, orderId: string = ORDER_ID) {
  const params = { orderId };
  const given = { meta: aMeta(), ctx: aCtx() };
  const decided = (change: Partial<ApprovalGranted>) => ({
    approvalId: confirmation.approvalId,
    subjectType: 'ORDER' as const,
    subjectId: orderId,
    subjectVersion: 3n,
    digest: '',
    ...change,
  });
  return {
    place: (ifMatch = 1n) => run((tx) => placeOrder({ orders, sha256 })({ params, ifMatch, ctx: aCtx() }, tx)),
    discard: (ifMatch = 1n) => run((tx) => discardOrder({ orders })({ params, ifMatch, ctx: aCtx() }, tx)),
    update: (body: UpdateDraftOrder.Body, { ifMatch = 1n, by = 'ops-1' } = {}) =>
      run((tx) => updateDraftOrder({ orders })({ params, ifMatch, body, ctx: aCtx(by) }, tx)),
    cancel: (ifMatch: bigint, roles: readonly string[] = ['ops']) =>
      run((tx) => cancelOrder({ orders })({ params, ifMatch, ctx: aCtx('ops-2', roles) }, tx)),

    reserved: async (change: Partial<StockReserved> = {}) => {
      const [answer] = await allReserved(orders, run, [stockReserved(orderId, change)]);
      if (!answer) throw new Error('a set of one event has no answer');
      return answer;
    },
    short: () =>
      run((tx) => onStockReservationFailed({ orders })({ data: { orderId, shortages: [shortage] }, ...given }, tx)),
    expired: () =>
      run((tx) => {
        const data = { orderId, reservationId: reservation.reservationId };
        return onReservationExpired({ orders })({ data, ...given }, tx);
      }),
    dispatched: (lines: Parts, change: Partial<ShipmentDispatched> = {}) =>
      run((tx) => {
        const [shipmentId, warehouseId] = [randomUUID(), randomUUID()];
        const data = { orderId, shipmentId, warehouseId, lines, last: false, dispatchedAt: AT, ...change };
        return onShipmentDispatched({ orders })({ data, ...given }, tx);
      }),
    released: (shipped: ReservationReleased['shipped']) =>
      run((tx) => {
        const { reservationId } = reservation;
        const data = { orderId, reservationId, released: [], shipped, cause: 'CANCELLATION_REQUESTED' } as const;
        return onReservationReleased({ orders })({ data, ...given }, tx);
      }),

    granted: (change: Partial<ApprovalGranted>) =>
      run((tx) => {
        const more = { auto: false, policyId: null, policyVersion: null, deciders: [], decidedAt: AT };
        return onApprovalGranted({ orders })({ data: { ...more, ...decided(change) }, ...given }, tx);
      }),
    rejected: (change: Partial<ApprovalGranted>) =>
      run((tx) => {
        const more = { decider: { actorId: 'approver-1', onBehalfOf: null }, comment: 'no', decidedAt: AT };
        return onApprovalRejected({ orders })({ data: { ...more, ...decided(change) }, ...given }, tx);
      }),
    silence: (change: Partial<ApprovalGranted>) =>
      run((tx) => onApprovalExpired({ orders })({ data: { expiredAt: AT, ...decided(change) }, ...given }, tx)),

    invoiced: (invoiceId = invoice.invoiceId) =>
      run((tx) => {
        const { number, dueDate } = invoice;
        const amounts = { net: money, tax: money, total: money };
        const data = { orderId, invoiceId, number, dueDate, ...amounts, terms: 'PREPAID', issuedAt: AT } as const;
        return onInvoiceIssued({ orders })({ data, ...given }, tx);
      }),
    paid: (invoiceId = invoice.invoiceId) =>
      run((tx) =>
        onInvoicePaid({ orders })({ data: { orderId, invoiceId, paymentIds: [], paidAt: AT }, ...given }, tx),
      ),
    declined: ({ final = true, invoiceId = invoice.invoiceId } = {}) =>
      run((tx) => {
        const data = { orderId, invoiceId, final, reason: 'DECLINED', failedAt: AT } as const;
        return onInvoicePaymentFailed({ orders })({ data, ...given }, tx);
      }),
  };
}

/** Gives the events to their handler as one set. */
export function allReserved(orders: OrderStore, run: Run, events: readonly StockReserved[]) {
  const messages = events.map((data) => ({ type: 'StockReserved' as const, data, meta: aMeta() }));
  return run((tx) => awaitApproval({ orders })({ messages, ctx: aCtx() }, tx));
}

export function stockReserved(orderId: string, change: Partial<StockReserved> = {}): StockReserved {
  const { reservationId, expiresAt } = reservation;
  return { orderId, reservationId, expiresAt: microsOf(expiresAt), lines: [], ...change };
}

export function aCtx(id = 'ops-1', roles: readonly string[] = ['ops']): OnStockReservationFailed.Input['ctx'] {
  return { now: NOW, newId: () => randomUUID(), actor: { id, roles }, correlationId: randomUUID() };
}

/** The metadata of an event. No handler of Orders reads it. */
export function aMeta(): OnStockReservationFailed.Input['meta'] {
  return {
    id: randomUUID(),
    type: 'atlas.inventory.StockReserved',
    source: 'inventory',
    time: NOW,
    correlationId: randomUUID(),
    causationId: randomUUID(),
    sequence: 1n,
    actorId: 'ops-1',
    topic: 'atlas.inventory.reservation.v1',
    partition: 0,
    offset: 0n,
    attempt: 1,
  };
}
