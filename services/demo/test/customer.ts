import { randomUUID } from 'node:crypto';
import { inventoryClient } from '@atlas/generated-inventory/client';
import { ordersClient } from '@atlas/generated-orders/client';
import type { components as Inventory } from '@atlas/generated-inventory';
import type { components as Orders } from '@atlas/generated-orders';
import { succeeded } from '@atlas/runtime/client';
import { mintToken, type StackInfo } from '@atlas/stack';

export type Order = Orders['schemas']['SeenOrder'];
export type StockLevel = Inventory['schemas']['StockLevel'];

export interface Place {
  readonly sku: string;
  readonly warehouseId: string;
}

/** An order as createOrder or placeOrder returned it, with the version for the next change. */
export interface Held {
  readonly order: Order;
  readonly etag: string;
}

/** Somebody of Ops, who also opens warehouses: one HTTP request for each call. */
export interface Customer {
  /** Registers an item, opens a warehouse and receives `qty` of the item there. */
  stock(name: string, qty: number): Promise<Place>;
  /** A draft of one line, in euros with 19 % tax. One piece is so expensive that somebody has to approve it. */
  draft(sku: string, qty: number, correlationId: string): Promise<Held>;
  place(held: Held, correlationId: string): Promise<Held>;
  order(orderId: string): Promise<Order>;
  level(place: Place): Promise<StockLevel>;
}

export async function customer(stack: StackInfo, baseUrl: string): Promise<Customer> {
  const token = await mintToken(stack, { sub: 'demo-ops', roles: ['ops', 'admin'] });
  const orders = ordersClient({ baseUrl, token });
  const inventory = inventoryClient({ baseUrl, token });

  return {
    stock: async (name, qty) => {
      succeeded(await inventory.createItem({ body: { sku: name, name: `Bolt ${name}`, baseUnit: 'C62' } }));
      const warehouse = { code: name, name: `Warehouse of ${name}` };
      const { body } = succeeded(await inventory.createWarehouse({ body: warehouse }));
      const place = { sku: name, warehouseId: body.warehouseId };
      succeeded(await inventory.recordReceipt({ body: { ...place, qty } }));
      return place;
    },
    draft: async (sku, qty, correlationId) => {
      const line = { sku, qty, unitPrice: { preciseAmount: 1225, fractionDigits: 0 } };
      const body = { customerId: randomUUID(), currency: 'EUR', taxRateBasisPoints: 1900, lines: [line] };
      return heldOf(succeeded(await orders.createOrder({ body, correlationId })));
    },
    place: async ({ order: { orderId }, etag }, correlationId) =>
      heldOf(succeeded(await orders.placeOrder({ params: { orderId }, ifMatch: etag, correlationId }))),
    order: async (orderId) => succeeded(await orders.getOrder({ params: { orderId } })).body,
    level: async (place) => succeeded(await inventory.getStockLevel({ params: place })).body,
  };
}

function heldOf({ body, etag }: { readonly body: Order; readonly etag: string }): Held {
  return { order: body, etag };
}
