import { randomUUID } from 'node:crypto';
import { succeeded } from '@atlas/runtime/client';
import { describe, expect, it } from 'vitest';
import { receive } from '../../src/story/goods.ts';
import { erp } from './erp.ts';

const ORDERS = 8;
const PRICE = { preciseAmount: 1225, fractionDigits: 2 };

/** The answer of a command: the order that it was about, and the version that it made. */
interface Answered {
  readonly orderId: string;
  readonly etag: string;
  readonly version: string;
}

async function placeOrder(sku: string): Promise<Answered> {
  const { orders } = erp.people.ops;
  const lines = [{ sku, qty: 1, unitPrice: PRICE }];
  const body = { customerId: randomUUID(), currency: 'EUR', taxRateBasisPoints: 1900, lines };
  const draft = succeeded(await orders.createOrder({ body }));
  const { orderId } = draft.body;
  return answered(orderId, succeeded(await orders.placeOrder({ params: { orderId }, ifMatch: draft.etag })));
}

/** Cancels an order, whatever its state is by now. */
async function cancelOrder(orderId: string): Promise<Answered> {
  const { orders } = erp.people.ops;
  for (;;) {
    const { etag } = succeeded(await orders.getOrder({ params: { orderId } }));
    const answer = await orders.cancelOrder({ params: { orderId }, ifMatch: etag });
    if (answer.status !== 412) return answered(orderId, succeeded(answer));
  }
}

function answered(orderId: string, answer: { readonly etag: string; readonly atlasVersion?: string }): Answered {
  const { etag, atlasVersion: version } = answer;
  if (version === undefined) throw new Error('the command has not answered with its Atlas-Version');
  return { orderId, etag, version };
}

const timelineOf = (orderId: string, minVersion: string) =>
  erp.people.ops.reporting.getOrderTimeline({ params: { orderId }, query: { minVersion } });

describe('a report that is asked for with the Atlas-Version of a command', () => {
  it('includes the effects of the command', async () => {
    const { sku } = await receive(erp.people, 1_000);
    const seen = await Promise.all(
      Array.from({ length: ORDERS }, async () => {
        const placed = await placeOrder(sku);
        const first = succeeded(await timelineOf(placed.orderId, placed.version)).body;
        const cancelled = await cancelOrder(placed.orderId);
        const last = succeeded(await timelineOf(placed.orderId, cancelled.version)).body;
        return {
          satisfied: [first.meta.satisfied, last.meta.satisfied],
          isPlaced: first.entries.some(({ type }) => type === 'OrderPlaced'),
          isCancelled: last.entries.some(({ type }) => type.startsWith('OrderCancel')),
        };
      }),
    );
    expect(seen).toEqual(
      Array.from({ length: ORDERS }, () => ({ satisfied: [true, true], isPlaced: true, isCancelled: true })),
    );
  });

  it('is a problem if that command was about another order, or about something that is not in the report', async () => {
    const goods = await receive(erp.people, 10);
    const [one, other] = await Promise.all([placeOrder(goods.sku), placeOrder(goods.sku)]);
    const receipt = succeeded(await erp.people.ops.inventory.recordReceipt({ body: { ...goods, qty: 1 } }));
    const refused = (detail: string) => ({
      status: 400,
      problem: { code: 'min-version-foreign', detail, errors: [{ pointer: '/query/minVersion', detail }] },
    });
    expect(await timelineOf(one.orderId, other.version)).toMatchObject(
      refused(`order ${other.orderId} is not a part of the order ${one.orderId}`),
    );
    expect(await timelineOf(one.orderId, receipt.atlasVersion ?? '')).toMatchObject(
      refused('this report is not made of events of "stock", only of: order, reservation, invoice, payment, approval'),
    );
  });
});
