import { succeeded } from '@atlas/runtime/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decide, invoiceOf } from '../src/story/desk.ts';
import { type Goods, order, readLevel, readOrder, receive } from '../src/story/goods.ts';
import { misbehave } from '../src/story/misbehave.ts';
import { Saga } from '../src/story/saga.ts';
import { type Isolated, isolated } from './isolated.ts';
import { violations } from './violations.ts';

const HOLD_MS = 4_000;
const QTY = 10;

let erp: Isolated;
beforeAll(async () => {
  erp = await isolated('e2e_hold', { inventory: { RESERVATION_HOLD_SECONDS: String(HOLD_MS / 1_000) } });
});
afterAll(() => erp.close());

interface Placed {
  readonly saga: Saga;
  readonly goods: Goods;
  readonly orderId: string;
}

/** An order whose money is taken at once, but the provider says so only after a while. */
async function paidAfter(delayMs: number): Promise<Placed> {
  const saga = new Saga(`paid after ${delayMs} ms`, erp.feed);
  const goods = await receive(erp.people, QTY);
  const fault = { kind: 'delay', target: 'payment.succeeded', delayMs } as const;
  const { orderId } = await misbehave(erp.sandbox, fault, () => order(erp.people, saga, goods, QTY));
  return { saga, goods, orderId };
}

/** An order that is released in time, but Inventory is down until its hold has ended. So it is held once more. */
async function releasedUnheard(): Promise<Placed> {
  const saga = new Saga('released while Inventory is down', erp.feed);
  const goods = await receive(erp.people, QTY);
  const { orderId } = await order(erp.people, saga, goods, QTY);
  await saga.sees('StockReserved');
  const end = Date.now() + HOLD_MS;
  await erp.system.process('inventory').stop();
  await saga.sees('OrderReleased');
  await expect.poll(() => Date.now()).toBeGreaterThan(end);
  await erp.system.restart('inventory');
  await saga.sees('ReservationRenewed');
  return { saga, goods, orderId };
}

/** Everything that may differ between the two ends. */
async function endOf({ saga, goods, orderId }: Placed) {
  const [{ state }, { onHand, reserved }, invoice, { body: reservation }] = await Promise.all([
    readOrder(erp.people, orderId),
    readLevel(erp.people, goods),
    invoiceOf(erp.people, orderId),
    erp.people.ops.inventory.getReservation({ params: { orderId } }).then(succeeded),
  ]);
  const sent = (event: string): number => saga.events().filter(({ name }) => name === event).length;
  return {
    state,
    stock: `${onHand} on hand, ${reserved} reserved`,
    invoice: invoice.state,
    open: invoice.open.amountMinor,
    reservation: reservation.state,
    refunds: sent('RefundSucceeded'),
    // each hold that ended and is there again has to be said
    renewalsNotSent: reservation.state === 'COMMITTED' ? sent('ReservationExpired') - sent('ReservationRenewed') : 0,
  };
}

const RELEASED = { state: 'READY', invoice: 'PAID', open: 0, reservation: 'COMMITTED', refunds: 0, renewalsNotSent: 0 };
const CANCELLED = { state: 'CANCELLED', invoice: 'CREDITED', open: 0, refunds: 1, renewalsNotSent: 0 };

const isEnd = (end: Awaited<ReturnType<typeof endOf>>): boolean =>
  (end.state === 'READY' && end.reservation === 'COMMITTED' && end.renewalsNotSent === 0) ||
  (end.state === 'CANCELLED' && end.refunds === 1);

describe('a hold that ends while the payment lands', () => {
  it('ends in one of two states, never between: released with its stock, or cancelled with its money back', async () => {
    const placed = [await releasedUnheard()];
    // about the end of the hold, and after it
    for (const delayMs of [3_600, 3_800, 4_000, 8_000]) placed.push(await paidAfter(delayMs));
    const ends = [];
    for (const one of placed) {
      await expect.poll(async () => isEnd(await endOf(one))).toBe(true);
      ends.push(await endOf(one));
    }
    for (const end of ends) {
      const released = { ...RELEASED, stock: '10 on hand, 10 reserved' };
      const cancelled = { ...CANCELLED, stock: '10 on hand, 0 reserved', reservation: expect.any(String) };
      expect(end).toEqual(end.state === 'READY' ? released : cancelled);
    }
    expect(ends[0]?.state).toBe('READY');
    expect(ends.at(-1)?.state).toBe('CANCELLED');
  });

  it('is cancelled with its money back if somebody else has taken the stock, whatever Orders hears first', async () => {
    const one = await paidAfter(2 * HOLD_MS);
    const { saga, goods, orderId } = one;
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
    // both facts wait for it, in topics that it reads side by side
    await erp.system.restart('orders');
    await expect.poll(async () => isEnd(await endOf(one))).toBe(true);
    expect(await endOf(one)).toMatchObject({ ...CANCELLED, stock: '0 on hand, 0 reserved' });
    expect((await readOrder(erp.people, orderId)).state).toBe('CANCELLED');
    await expect.poll(() => violations(erp)).toEqual([]);
  });
});
