import { VersionConflict } from '@atlas/runtime';
import type { Order } from '../src/domain/order.ts';
import type { OrderStore } from '../src/ports.ts';
import type { Run } from './saga.ts';

interface MemoryOrders {
  readonly orders: OrderStore;
  readonly run: Run;
  /** Throws if there is none. */
  readonly get: (orderId: string) => Order;
}

/** Orders in memory, for tests of many sequences of events, one after the other. */
export function memoryOrders(...known: readonly Order[]): MemoryOrders {
  const stored = new Map(known.map((order) => [order.terms.orderId, order]));
  const write = async (order: Order): Promise<void> => {
    stored.set(order.terms.orderId, order);
  };
  const save = async (order: Order): Promise<void> => {
    const version = stored.get(order.terms.orderId)?.version ?? 0n;
    if (version !== order.version - 1n) throw new VersionConflict('order', order.version - 1n, version);
    await write(order);
  };
  return {
    orders: {
      insert: async (_tx, order) => write(order),
      load: async (_tx, orderId, expected) => {
        const order = stored.get(orderId);
        if (order && expected !== undefined && order.version !== expected) {
          throw new VersionConflict(`order ${orderId}`, expected, order.version);
        }
        return order;
      },
      loadAll: async (_tx, orderIds) =>
        new Map(
          orderIds.flatMap((orderId) => {
            const order = stored.get(orderId);
            return order ? [[orderId, order] as const] : [];
          }),
        ),
      read: async (_read, orderId) => stored.get(orderId),
      save: async (_tx, order) => save(order),
      saveReserved: async (_tx, orders) => {
        for (const order of orders) await save(order);
      },
    },
    // cast: nothing here uses the transaction.
    run: (work) => work({} as Parameters<typeof work>[0]),
    get: (orderId) => {
      const order = stored.get(orderId);
      if (!order) throw new Error(`there is no order ${orderId}`);
      return order;
    },
  };
}
