import { randomBytes, randomUUID } from 'node:crypto';
import type { components as Inventory } from '@atlas/generated-inventory';
import type { components as Orders } from '@atlas/generated-orders';
import { succeeded } from '@atlas/runtime/client';
import type { People } from '../people/people.ts';
import type { Saga } from './saga.ts';

/** An order as people who trade see it. */
export type Order = Orders['schemas']['SeenOrder'];
export type StockLevel = Inventory['schemas']['StockLevel'];

/** An item in a warehouse of its own, so that runs of the demo do not share stock. */
export interface Goods {
  readonly sku: string;
  readonly warehouseId: string;
}

/** Registers an item, opens a warehouse and receives `qty` of the item there. */
export async function receive({ ops, admin }: People, qty: number): Promise<Goods> {
  const sku = `BOLT-${randomBytes(3).toString('hex').toUpperCase()}`;
  succeeded(await ops.inventory.createItem({ body: { sku, name: `Bolt ${sku}`, baseUnit: 'C62' } }));
  const warehouse = { code: sku, name: `Warehouse of ${sku}` };
  const { body } = succeeded(await admin.inventory.createWarehouse({ body: warehouse }));
  const goods = { sku, warehouseId: body.warehouseId };
  succeeded(await ops.inventory.recordReceipt({ body: { ...goods, qty } }));
  return goods;
}

/** Drafts and places an order of one line, in euros with 19 % tax; one piece costs 12.25. */
export async function order({ ops }: People, saga: Saga, { sku }: Goods, qty: number): Promise<Order> {
  const { correlationId } = saga;
  const line = { sku, qty, unitPrice: { preciseAmount: 1225, fractionDigits: 2 } };
  const body = { customerId: randomUUID(), currency: 'EUR', taxRateBasisPoints: 1900, lines: [line] };
  const draft = succeeded(await ops.orders.createOrder({ body, correlationId }));
  const { orderId } = draft.body;
  saga.follows(orderId);
  return succeeded(await ops.orders.placeOrder({ params: { orderId }, ifMatch: draft.etag, correlationId })).body;
}

export async function readOrder({ ops }: People, orderId: string): Promise<Order> {
  return succeeded(await ops.orders.getOrder({ params: { orderId } })).body;
}

export async function readLevel({ ops }: People, goods: Goods): Promise<StockLevel> {
  return succeeded(await ops.inventory.getStockLevel({ params: goods })).body;
}
