import { INVARIANTS } from '../invariants/index.ts';
import type { Approval, Invoice } from './desk.ts';
import type { Goods, Order, StockLevel } from './goods.ts';
import type { CountedStock, ReportedStory } from './reports.ts';
import type { Saga } from './saga.ts';
import { ORDERED, RECEIVED, REFUNDED } from './shippedInParts.ts';
import { THERE, WANTED } from './shortOfStock.ts';
import type { TrialBalance } from './tell.ts';

/** A promise of the demo, and whether it is kept. */
export interface Finding {
  readonly holds: boolean;
  readonly promise: string;
  /** What was seen instead. */
  readonly seen: string;
}

/** The parts of the stories that the verdict needs. */
export interface Judged {
  readonly shipped: {
    readonly saga: Pick<Saga, 'events'>;
    readonly goods: Pick<Goods, 'sku'>;
    readonly order: Pick<Order, 'state' | 'digest'>;
    readonly seen: { readonly subject: Pick<Approval['subject'], 'digest' | 'order'> };
    readonly invoice: Pick<Invoice, 'state' | 'open' | 'net'> & {
      readonly lines: readonly Pick<Invoice['lines'][number], 'recognised' | 'creditedNet'>[];
    };
    readonly level: Pick<StockLevel, 'onHand' | 'reserved'>;
  };
  readonly short: {
    readonly saga: Pick<Saga, 'events'>;
    readonly order: Pick<Order, 'state' | 'cancellation'>;
  };
  readonly late: Ended;
  readonly declined: Ended & { readonly level: Pick<StockLevel, 'onHand' | 'reserved'> };
  readonly balance: Pick<TrialBalance, 'accounts'>;
  readonly reported: {
    readonly stories: readonly (Pick<ReportedStory, 'missing'> & {
      readonly timeline: { readonly order: Pick<ReportedStory['timeline']['order'], 'orderId' | 'state'> };
    })[];
    readonly health: { readonly stuck: readonly { readonly orderId: string }[] };
    readonly stock: readonly CountedStock[];
  };
  /** The violations of invariants, in words. */
  readonly broken: readonly string[];
}

/** An order that was invoiced and then cancelled. */
interface Ended {
  readonly saga: Pick<Saga, 'events'>;
  readonly order: Pick<Order, 'state' | 'cancellation'>;
  readonly invoice: Pick<Invoice, 'state'>;
}

/** Judges the stories, promise by promise, by the answers of the services and by the events in the topics. */
export function verdict({ shipped, short, late, declined, balance, reported, broken }: Judged): readonly Finding[] {
  const { order, seen, goods, invoice, level } = shipped;
  const shortages = short.order.cancellation?.shortages ?? [];
  return [
    finding('the approver decided about what was placed', seen.subject.digest, order.digest ?? 'no digest'),
    finding(
      'the approver saw each line of it',
      seen.subject.order?.lines.map(({ sku, qty }) => `${qty} × ${sku}`).join() ?? 'no lines',
      `${ORDERED} × ${goods.sku}`,
    ),
    finding('the first order is fulfilled', order.state, 'FULFILLED'),
    finding(
      'its goods have left the warehouse, and nothing is held for it',
      `${level.onHand} on hand, ${level.reserved} reserved`,
      `${RECEIVED - ORDERED} on hand, 0 reserved`,
    ),
    finding('its invoice is paid', `${invoice.state}, ${invoice.open.amountMinor} open`, 'PAID, 0 open'),
    finding(
      'the revenue of both parts adds up to the invoice',
      String(invoice.lines.reduce((sum, { recognised }) => sum + recognised.amountMinor, 0)),
      String(invoice.net.amountMinor),
    ),
    finding(
      'what was refunded of it was credited before',
      String(invoice.lines.reduce((sum, { creditedNet }) => sum + creditedNet.amountMinor, 0)),
      String(REFUNDED),
    ),
    finding(
      'the second is cancelled for lack of stock and reserves nothing',
      `${short.order.state}, ${shortages.map(({ wanted, available }) => `${wanted} wanted of ${available}`).join()}`,
      `CANCELLED, ${WANTED} wanted of ${THERE}`,
    ),
    finding(
      'the third is cancelled, and its late money went back',
      `${endOf(late)}, ${late.saga.events().filter(({ name }) => name === 'RefundSucceeded').length} refund`,
      'CANCELLED RESERVATION_EXPIRED, invoice CREDITED, 1 refund',
    ),
    finding(
      'the fourth is cancelled, because its payment was declined, and holds nothing',
      `${endOf(declined)}, ${declined.level.reserved} reserved`,
      'CANCELLED PAYMENT_FAILED, invoice CREDITED, 0 reserved',
    ),
    finding(
      'each order had the events of its way, in sequence',
      [shipped.saga, short.saga, late.saga, declined.saga].map(orderEvents).join('; '),
      'OrderPlaced OrderReserved OrderConfirmed OrderReleased OrderShipmentRecorded OrderShipmentRecorded ' +
        'OrderFulfilled; OrderPlaced OrderCancelled; OrderPlaced OrderReserved OrderConfirmed OrderCancelled; ' +
        'OrderPlaced OrderReserved OrderConfirmed OrderCancelled',
    ),
    finding('the books balance', differences(balance), 'no difference'),
    finding(
      `what was sent and is in the books breaks none of ${INVARIANTS.length} invariants of orders, money, approvals and topics`,
      broken.join('; '),
      '',
    ),
    finding(
      'Reporting tells each of these stories to its end, with every event',
      reported.stories.map(({ timeline, missing }) => [timeline.order.state, ...missing].join(' without ')).join(', '),
      'FULFILLED, CANCELLED, CANCELLED, CANCELLED',
    ),
    finding(
      'and none of these orders among those that stand still',
      String(reported.stories.filter(({ timeline }) => isAmong(reported.health.stuck, timeline.order)).length),
      '0',
    ),
    finding(
      'Reporting counts the stock of each warehouse as Inventory does',
      reported.stock.map(({ sku, reporting }) => `${sku}: ${reporting}`).join('; '),
      reported.stock.map(({ sku, inventory }) => `${sku}: ${inventory}`).join('; '),
    ),
  ];
}

function isAmong(orders: readonly { readonly orderId: string }[], { orderId }: { readonly orderId: string }): boolean {
  return orders.some((one) => one.orderId === orderId);
}

function endOf({ order, invoice }: Ended): string {
  return `${order.state} ${order.cancellation?.reason ?? ''}, invoice ${invoice.state}`;
}

function finding(promise: string, seen: string, expected: string): Finding {
  return { promise, seen, holds: seen === expected };
}

/** The events of Orders. Those of the other services come at the same time as others. */
function orderEvents(saga: Pick<Saga, 'events'>): string {
  return saga
    .events()
    .filter(({ source }) => source === 'orders')
    .map(({ name }) => name)
    .join(' ');
}

function differences({ accounts }: Judged['balance']): string {
  const byCurrency = Map.groupBy(accounts, ({ currency }) => currency);
  const off = [...byCurrency].flatMap(([currency, rows]) => {
    const left = rows.reduce((sum, { debit, credit }) => sum + BigInt(debit) - BigInt(credit), 0n);
    return left === 0n ? [] : [`${left} ${currency}`];
  });
  return off.length === 0 ? 'no difference' : off.join(', ');
}
