import { randomUUID } from 'node:crypto';
import { client as inventoryClient } from '@atlas/generated-inventory/client';
import { client as ordersClient } from '@atlas/generated-orders/client';
import type { components as Inventory } from '@atlas/generated-inventory';
import type { components as Orders } from '@atlas/generated-orders';
import { mintToken, type StackInfo } from '@atlas/stack';
import type { Addresses } from '../system/system.ts';
import { answerOf } from './answerOf.ts';

export type Order = Orders['schemas']['Order'];
export type StockLevel = Inventory['schemas']['StockLevel'];

export interface Place {
  readonly sku: string;
  readonly warehouseId: string;
}

/** An order as createOrder and placeOrder gave it, with the version to name next. */
export interface Held {
  readonly order: Order;
  readonly etag: string;
}

/** Somebody of Ops, who also opens warehouses: the calls of the walk-through, one HTTP request each. */
export interface Customer {
  /** Registers an item, opens a warehouse and receives `qty` of the item there. */
  stock(name: string, qty: number): Promise<Place>;
  /** A draft of one line, in euros with 19 % tax. */
  draft(sku: string, qty: number, correlationId: string): Promise<Held>;
  place(held: Held, correlationId: string): Promise<Held>;
  order(orderId: string): Promise<Order>;
  level(place: Place): Promise<StockLevel>;
}

export async function customer(stack: StackInfo, { orders, inventory }: Addresses): Promise<Customer> {
  const token = await mintToken(stack, { sub: 'demo-ops', roles: ['ops', 'admin'] });
  const headers = { authorization: `Bearer ${token}` };
  const ordersApi = ordersClient({ baseUrl: orders, headers });
  const inventoryApi = inventoryClient({ baseUrl: inventory, headers });
  const key = () => ({ 'Idempotency-Key': randomUUID() });
  const correlated = (correlationId: string) => ({ headers: { 'X-Correlation-Id': correlationId } });

  return {
    stock: async (name, qty) => {
      const item = { sku: name, name: `Bolt ${name}`, baseUnit: 'C62' };
      await answerOf(inventoryApi.POST('/v1/items', { params: { header: key() }, body: item }));
      const warehouse = { code: name, name: `Warehouse of ${name}` };
      const opened = await answerOf(
        inventoryApi.POST('/v1/warehouses', { params: { header: key() }, body: warehouse }),
      );
      const place = { sku: name, warehouseId: opened.data.warehouseId };
      await answerOf(inventoryApi.POST('/v1/receipts', { params: { header: key() }, body: { ...place, qty } }));
      return place;
    },
    draft: async (sku, qty, correlationId) => {
      const line = { sku, qty, unitPrice: { preciseAmount: 1225, fractionDigits: 2 } };
      const body = { customerId: randomUUID(), currency: 'EUR', taxRateBasisPoints: 1900, lines: [line] };
      return heldOf(
        await answerOf(ordersApi.POST('/v1/orders', { params: { header: key() }, body, ...correlated(correlationId) })),
      );
    },
    place: async ({ order, etag }, correlationId) =>
      heldOf(
        await answerOf(
          ordersApi.POST('/v1/orders/{orderId}/place', {
            params: { path: { orderId: order.orderId }, header: { ...key(), 'If-Match': etag } },
            ...correlated(correlationId),
          }),
        ),
      ),
    order: async (orderId) =>
      (await answerOf(ordersApi.GET('/v1/orders/{orderId}', { params: { path: { orderId } } }))).data,
    level: async (path) =>
      (await answerOf(inventoryApi.GET('/v1/stock-levels/{sku}/{warehouseId}', { params: { path } }))).data,
  };
}

function heldOf({ data, response }: { readonly data: Order; readonly response: Response }): Held {
  return { order: data, etag: response.headers.get('etag') ?? '' };
}
