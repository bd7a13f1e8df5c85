import { succeeded } from '@atlas/runtime/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decide, invoiceOf } from '../../src/story/desk.ts';
import { type Goods, order, receive } from '../../src/story/goods.ts';
import { misbehave } from '../../src/story/misbehave.ts';
import { Saga } from '../../src/story/saga.ts';
import { endOf, LEDGER } from '../endOf.ts';
import { erp } from './erp.ts';
import { violations } from '../violations.ts';

const HOLD_MS = 4_000;
const SHORT = { RESERVATION_HOLD_SECONDS: String(HOLD_MS / 1_000) };
const QTY = 10;

interface Placed {
  readonly saga: Saga;
  readonly goods: Goods;
  readonly orderId: string;
}

/** An order whose money is taken at once, but the provider reports it only after a while. */
async function paidAfter(delayMs: number): Promise<Placed> {
  const saga = new Saga(`paid after ${delayMs} ms`, erp.feed);
  const goods = await receive(erp.people, QTY);
  const fault = { kind: 'delay', target: 'payment.succeeded', delayMs } as const;
  const { orderId } = await misbehave(erp.sandbox, fault, () => order(erp.people, saga, goods, QTY));
  return { saga, goods, orderId };
}

/** An order that is released in time, but Inventory is down until its hold has ended. So its stock is held again. */
async function releasedUnheard(): Promise<Placed> {
  const saga = new Saga('released while Inventory is down', erp.feed);
  const goods = await receive(erp.people, QTY);
  const { orderId } = await order(erp.people, saga, goods, QTY);
  await saga.sees('StockReserved');
  const end = Date.now() + HOLD_MS;
  await erp.system.process('inventory').stop();
  await saga.sees('OrderReleased');
  await expect.poll(() => Date.now()).toBeGreaterThan(end);
  await erp.system.restart('inventory', SHORT);
  await saga.sees('ReservationRenewed');
  return { saga, goods, orderId };
}

/** The ends and the renewals of a hold in the timeline of its order. */
async function toldOf(one: Placed | undefined): Promise<readonly string[]> {
  const params = { orderId: one?.orderId ?? '' };
  const { entries } = succeeded(await erp.people.ops.reporting.getOrderTimeline({ params })).body;
  return entries.map(({ type }) => type).filter((type) => /^Reservation(Expired|Renewed)$/.test(type));
}

/** Everything that may differ between the two ends. */
async function allOf({ saga, goods, orderId }: Placed) {
  const [end, invoice, { body: reservation }] = await Promise.all([
    endOf(erp, { goods, orderId }),
    invoiceOf(erp.people, orderId),
    erp.people.ops.inventory.getReservation({ params: { orderId } }).then(succeeded),
  ]);
  const sent = (event: string): number => saga.events().filter(({ name }) => name === event).length;
  return {
    ...end,
    invoice: invoice.state,
    open: invoice.open.amountMinor,
    reservation: reservation.state,
    refunds: sent('RefundSucceeded'),
    // each hold that ended and was renewed must have an event
    renewalsNotSent: reservation.state === 'COMMITTED' ? sent('ReservationExpired') - sent('ReservationRenewed') : 0,
  };
}

const RELEASED = {
  state: 'READY',
  stock: '10 on hand, 10 reserved',
  ledger: LEDGER.paid,
  invoice: 'PAID',
  open: 0,
  reservation: 'COMMITTED',
  refunds: 0,
  renewalsNotSent: 0,
};
const CANCELLED = {
  state: 'CANCELLED',
  stock: '10 on hand, 0 reserved',
  ledger: LEDGER.paidBack,
  invoice: 'CREDITED',
  open: 0,
  reservation: expect.any(String),
  refunds: 1,
  renewalsNotSent: 0,
};

const isEnd = ({ state, reservation, renewalsNotSent, refunds }: Awaited<ReturnType<typeof allOf>>): boolean =>
  (state === 'READY' && reservation === 'COMMITTED' && renewalsNotSent === 0) ||
  (state === 'CANCELLED' && refunds === 1);

/** Waits for one of the two ends and returns its state. Journals may come after the order has that state. */
async function settled(one: Placed): Promise<string> {
  await expect.poll(async () => isEnd(await allOf(one))).toBe(true);
  const { state } = await allOf(one);
  await expect.poll(() => allOf(one)).toEqual(state === 'READY' ? RELEASED : CANCELLED);
  return state;
}

describe('a hold that ends while the payment lands', () => {
  const startAgain = async (env = {}): Promise<void> => {
    await erp.system.process('inventory').stop();
    await erp.system.restart('inventory', env);
  };
  beforeAll(() => startAgain(SHORT));
  afterAll(() => startAgain());

  it('ends in one of two states, never between: released with its stock, or cancelled with its money back', async () => {
    const placed = [await releasedUnheard()];
    // around the end of the hold, and after it
    for (const delayMs of [3_600, 3_800, 4_000, 8_000]) placed.push(await paidAfter(delayMs));
    const ends = [];
    for (const one of placed) ends.push(await settled(one));
    expect(ends[0]).toBe('READY');
    await expect.poll(() => toldOf(placed[0])).toEqual(['ReservationExpired', 'ReservationRenewed']);
    expect(ends.at(-1)).toBe('CANCELLED');
  });

  it('is cancelled with its money back if somebody else has taken the stock, whatever Orders hears first', async () => {
    const one = await paidAfter(2 * HOLD_MS);
    const { saga, goods } = one;
    await saga.sees('InvoiceIssued');
    await erp.system.process('orders').stop();
    await saga.sees('ReservationExpired');
    const { ops } = erp.people;
    const body = { ...goods, expectedOnHand: QTY, delta: -QTY, reason: 'Stolen' };
    const { correlationId } = saga;
    const asked = succeeded(await ops.inventory.requestAdjustment({ body, correlationId }));
    await saga.sees('ApprovalRequested');
    await decide(erp.people.approver, saga, asked.body.adjustmentId);
    await saga.sees('AdjustmentPosted');
    await saga.sees('InvoicePaid');
    // both events wait for it, in topics that it reads side by side
    await erp.system.restart('orders');
    await expect.poll(() => allOf(one)).toEqual({ ...CANCELLED, stock: '0 on hand, 0 reserved' });
    await expect.poll(() => violations(erp)).toEqual([]);
  });
});
