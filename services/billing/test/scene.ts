import { randomUUID } from 'node:crypto';
import {
  contract,
  type OnOrderConfirmed,
  type OrderConfirmed,
  type OrderFulfilled,
  type OrderShipmentRecorded,
} from '@atlas/generated-billing';
import { microsOf } from '@atlas/runtime/time';
import { pgCreditNoteStore } from '../src/adapters/pgCreditNoteStore.ts';
import { pgInvoiceStore } from '../src/adapters/pgInvoiceStore.ts';
import { pgLedger } from '../src/adapters/pgLedger.ts';
import { pgManualJournalStore } from '../src/adapters/pgManualJournalStore.ts';
import { pgNumberSeries } from '../src/adapters/pgNumberSeries.ts';
import { pgPaymentStore } from '../src/adapters/pgPaymentStore.ts';
import { pgPeriodStore } from '../src/adapters/pgPeriodStore.ts';
import { pgProviderEventStore } from '../src/adapters/pgProviderEventStore.ts';
import { pgReconciliationStore } from '../src/adapters/pgReconciliationStore.ts';
import { pgRefundStore } from '../src/adapters/pgRefundStore.ts';
import { sha256 } from '@atlas/runtime/digest';
import { onOrderCancelled } from '../src/app/onOrderCancelled.ts';
import { onOrderConfirmed } from '../src/app/onOrderConfirmed.ts';
import { onOrderFulfilled } from '../src/app/onOrderFulfilled.ts';
import { onOrderShipmentRecorded } from '../src/app/onOrderShipmentRecorded.ts';
import { recordManualPayment } from '../src/app/recordManualPayment.ts';
import type { Invoice } from '../src/domain/invoice.ts';
import type { Ports } from '../src/ports.ts';
import type { BillingDatabase } from './billingDatabase.ts';

export const ports: Ports = {
  invoices: pgInvoiceStore,
  creditNotes: pgCreditNoteStore,
  payments: pgPaymentStore,
  refunds: pgRefundStore,
  manualJournals: pgManualJournalStore,
  periods: pgPeriodStore,
  ledger: pgLedger,
  numbers: pgNumberSeries,
  providerEvents: pgProviderEventStore,
  reconciliations: pgReconciliationStore,
  sha256,
  provider: undefined,
};

/** The same with a provider. Only effects call it, and these tests settle the effects themselves. */
export const collecting: Ports = {
  ...ports,
  provider: {
    createIntent: () => Promise.reject(NOT_ANSWERING),
    cancelIntent: () => Promise.reject(NOT_ANSWERING),
    createRefund: () => Promise.reject(NOT_ANSWERING),
    settlementOf: () => Promise.reject(NOT_ANSWERING),
  },
};

const NOT_ANSWERING = new Error('it does not answer');

/** A context as the plumbing would make it. */
export function aCtx(now = new Date()): OnOrderConfirmed.Input['ctx'] {
  return {
    now,
    newId: () => randomUUID(),
    actor: { id: 'finance-1', roles: ['finance'] },
    correlationId: randomUUID(),
  };
}

/** The metadata of an event. */
export function aMeta(time = new Date()): OnOrderConfirmed.Input['meta'] {
  return {
    id: randomUUID(),
    type: 'atlas.orders.OrderConfirmed',
    source: 'orders',
    time,
    correlationId: randomUUID(),
    causationId: undefined,
    sequence: 1n,
    actorId: 'ops-1',
    topic: 'atlas.orders.order.v1',
    partition: 0,
    offset: 0n,
    attempt: 1,
  };
}

export const eur = (amountMinor: bigint) => ({ amountMinor, currency: 'EUR' });

/** An order with a line for each pair of net and tax. */
export function anOrder(
  lines: readonly (readonly [net: bigint, tax: bigint])[] = [[1000n, 190n]],
  change: Partial<OrderConfirmed> = {},
): OrderConfirmed {
  const net = lines.reduce((sum, [amount]) => sum + amount, 0n);
  const tax = lines.reduce((sum, [, amount]) => sum + amount, 0n);
  return {
    orderId: randomUUID(),
    orderVersion: 4n,
    customerId: randomUUID(),
    lines: lines.map(([lineNet, lineTax]) => ({
      lineId: randomUUID(),
      sku: 'BOLT',
      qty: 10n,
      net: eur(lineNet),
      tax: eur(lineTax),
    })),
    taxRateBasisPoints: 1900,
    net: eur(net),
    tax: eur(tax),
    total: eur(net + tax),
    terms: 'PREPAID',
    requesterId: 'ops-1',
    confirmedAt: microsOf(new Date()),
    ...change,
  };
}

/** The events about orders that Billing consumes. Each function runs the handler in a transaction. */
export function hears(database: BillingDatabase, using: Ports = ports) {
  return {
    confirmed: (data: OrderConfirmed, ctx = aCtx()) =>
      database.transaction((tx) => onOrderConfirmed(using)({ data, meta: aMeta(), ctx }, tx)),
    /** `parts` are the net amounts by the index of the line. */
    shipped: (order: OrderConfirmed, parts: readonly bigint[], change: Partial<OrderShipmentRecorded> = {}) => {
      const lines = parts.flatMap((part, index) => {
        const line = order.lines[index];
        return line ? [{ lineId: line.lineId, qty: 1n, net: eur(part) }] : [];
      });
      const data: OrderShipmentRecorded = {
        orderId: order.orderId,
        orderVersion: 6n,
        shipmentId: randomUUID(),
        lines,
        net: eur(parts.reduce((sum, part) => sum + part, 0n)),
        shippedAt: microsOf(new Date()),
        ...change,
      };
      return database.transaction((tx) => onOrderShipmentRecorded(using)({ data, meta: aMeta(), ctx: aCtx() }, tx));
    },
    fulfilled: (orderId: string, cancelledLines: OrderFulfilled['cancelledLines'] = []) => {
      const data: OrderFulfilled = { orderId, orderVersion: 7n, cancelledLines, fulfilledAt: microsOf(new Date()) };
      return database.transaction((tx) => onOrderFulfilled(using)({ data, meta: aMeta(), ctx: aCtx() }, tx));
    },
    cancelled: (orderId: string) => {
      const data = { orderId, orderVersion: 7n, reason: 'REQUESTED' } as const;
      return database.transaction((tx) => onOrderCancelled(using)({ data, meta: aMeta(), ctx: aCtx() }, tx));
    },
  };
}

/** The invoice of an order as it is now. */
export async function invoiceNow(database: BillingDatabase, orderId: string): Promise<Invoice> {
  const invoice = await database.read((read) => ports.invoices.readOfOrder(read, orderId));
  if (!invoice) throw new Error(`order ${orderId} has no invoice`);
  return invoice;
}

/** Records a manual payment of the order's invoice, as it is now. */
export async function pay(
  database: BillingDatabase,
  orderId: string,
  amount: bigint,
  change: { readonly reference?: string; readonly keepExcess?: boolean } = {},
) {
  const { invoiceId, version } = await invoiceNow(database, orderId);
  const body = { amount: { amountMinor: Number(amount), currency: 'EUR' }, reference: randomUUID(), ...change };
  return database.transaction((tx) =>
    recordManualPayment(ports)({ params: { invoiceId }, body, ifMatch: version, ctx: aCtx() }, tx),
  );
}

/** Where an answer of an operation has a list to which the contract does not allow one more item. */
export function fullLists(operationId: string, body: unknown): readonly string[] {
  const validate = contract.operations.find(({ id }) => id === operationId)?.responses[200]?.validate;
  if (!validate) throw new Error(`there is no answer 200 of ${operationId}`);
  return (validate(oneMore(body)) ?? []).map(({ pointer }) => pointer);
}

/** A value of JSON in which each list has its last item twice. */
function oneMore(value: unknown): unknown {
  if (Array.isArray(value)) return [...value, ...value.slice(-1)];
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, oneMore(member)]));
}
