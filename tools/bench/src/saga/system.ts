import { startErp } from '@atlas/erp';
import { succeeded } from '@atlas/runtime/client';
import { readStack } from '@atlas/stack';
import { openShop, type Draft } from '../orders/shop.ts';
import { NotMeasurable } from '../row.ts';
import { seenEvents } from './seenEvents.ts';

const ITEMS = 50;
const TOPIC = 'atlas.orders.order.v1';

export type PlacedOrder = Omit<Draft, 'etag'>;

/** All services on the running stack, with databases and a namespace of their own, and a provider that pays at once. */
export interface SagaSystem {
  place(): Promise<PlacedOrder>;
  /** Resolves once Orders has sent an event about the order. */
  sees(orderId: string, name: string): Promise<void>;
  ship(order: PlacedOrder): Promise<void>;
  stop(): Promise<void>;
}

export async function startSaga(): Promise<SagaSystem> {
  const info = readStack();
  if (!info) throw new NotMeasurable('no stack is up');
  await using undo = new AsyncDisposableStack();
  const isolated = `saga_${process.pid}_${Date.now().toString(36)}`;
  const { namespace, system, stop } = await startErp(info, { isolated, gateway: false, delays: { payMs: 0 } });
  undo.defer(stop);
  const events = await seenEvents(info, namespace + TOPIC);
  undo.defer(() => events.close());

  const { inventory, warehouseId, draft, place } = await openShop(info, system, ITEMS);
  const kept = undo.move();
  return {
    place: async () => {
      const { etag, ...order } = await draft();
      await place({ ...order, etag });
      return order;
    },
    sees: (orderId, name) => events.saw(orderId, `atlas.orders.${name}`),
    ship: async ({ orderId, lineIds }) => {
      const body = { orderId, warehouseId, lines: lineIds.map((lineId) => ({ lineId, qty: 1 })) };
      // Inventory learns of the release from the same event, so it may not know of it yet.
      for (;;) {
        const answer = await inventory.dispatchShipment({ body });
        const isEarly = 'problem' in answer && answer.problem.code === 'reservation-not-committed';
        if (!isEarly) return void succeeded(answer);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    stop: () => kept.disposeAsync(),
  };
}
