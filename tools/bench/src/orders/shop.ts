import { randomUUID } from 'node:crypto';
import { type InventoryClient, inventoryClient } from '@atlas/generated-inventory/client';
import { type OrdersClient, ordersClient } from '@atlas/generated-orders/client';
import { succeeded } from '@atlas/runtime/client';
import { mintToken, type StackInfo, type System } from '@atlas/stack';
import { placing } from './placing.ts';

const STOCK = 1_000_000_000;

/** A draft of an order of one piece. */
export interface Draft {
  readonly orderId: string;
  readonly lineIds: readonly string[];
  readonly etag: string;
}

/** A warehouse that is full of some items, and somebody who orders them in turn. */
export interface Shop {
  readonly orders: OrdersClient;
  readonly inventory: InventoryClient;
  readonly warehouseId: string;
  readonly draft: () => Promise<Draft>;
  readonly place: (draft: Pick<Draft, 'orderId' | 'etag'>) => Promise<void>;
}

/** The clients call the services themselves. Orders of one item wait for each other in its row, so take many items. */
export async function openShop(info: StackInfo, system: System, items: number): Promise<Shop> {
  const token = await mintToken(info, { sub: 'bench', roles: ['ops', 'admin'] });
  const orders = ordersClient({ baseUrl: system.process('orders').url, token });
  const inventory = inventoryClient({ baseUrl: system.process('inventory').url, token });
  const made = succeeded(await inventory.createWarehouse({ body: { code: 'BENCH', name: 'Bench' } }));
  const { warehouseId } = made.body;
  for (let item = 0; item < items; item++) {
    const sku = `BENCH-${item}`;
    succeeded(await inventory.createItem({ body: { sku, name: sku, baseUnit: 'C62' } }));
    succeeded(await inventory.recordReceipt({ body: { sku, warehouseId, qty: STOCK } }));
  }
  let count = 0;
  return {
    orders,
    inventory,
    warehouseId,
    draft: async () => {
      const sku = `BENCH-${(count += 1) % items}`;
      const line = { sku, qty: 1, unitPrice: { preciseAmount: 1225, fractionDigits: 2 } };
      const body = { customerId: randomUUID(), currency: 'EUR', taxRateBasisPoints: 1900, lines: [line] };
      const { body: draft, etag } = succeeded(await orders.createOrder({ body }));
      return { orderId: draft.orderId, lineIds: draft.lines.map(({ lineId }) => lineId), etag };
    },
    place: placing(system.process('orders').url, token),
  };
}
