import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { VersionConflict } from '@atlas/runtime';
import { inventoryDatabase, type InventoryDatabase } from './inventoryDatabase.ts';
import { operate, placed, type Operations } from './operate.ts';
import { aPlacedOrder } from './scene.ts';

let database: InventoryDatabase;
let at: Operations;
let warehouseId: string;

beforeAll(async () => {
  database = await inventoryDatabase(`inventory_reordering_${process.pid}`);
  at = operate(database);
});
afterAll(() => database.close());

beforeEach(async () => {
  warehouseId = await at.open('BER1', ['BOLT', 'NUT']);
  await at.receive('BOLT', warehouseId, 10);
});
afterEach(() => database.forget());

const reached = (free: bigint) => ({
  type: 'ReorderPointReached',
  data: { sku: 'BOLT', warehouseId, reorderPoint: 4n, free },
});

/** What is reported if an order for `qty` bolts is placed. */
async function reportOf(qty: bigint) {
  const { events } = await at.place(aPlacedOrder([{ sku: 'BOLT', qty }]));
  return events.filter(({ type }) => type === 'ReorderPointReached');
}

describe('a reorder point', () => {
  it('is none at version 1 until it is set, and has a new version each time', async () => {
    const none = { sku: 'NUT', warehouseId, reorderPoint: null };
    expect(await at.reorderPoint('NUT', warehouseId)).toEqual({ status: 200, body: none, version: 1n });
    expect(await at.setReorderPoint('NUT', warehouseId, null, 1n)).toEqual({
      status: 200,
      body: none,
      version: 2n,
      events: [],
    });
    expect(await at.setReorderPoint('NUT', warehouseId, 4, 2n)).toMatchObject({ version: 3n });
    expect(await at.reorderPoint('NUT', warehouseId)).toMatchObject({ body: { reorderPoint: 4 }, version: 3n });
    await expect(at.setReorderPoint('NUT', warehouseId, 5, 2n)).rejects.toThrow(VersionConflict);
  });

  it('is set once if several people set it at once', async () => {
    const all = await Promise.allSettled([1, 2, 3].map((point) => at.setReorderPoint('NUT', warehouseId, point, 1n)));
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('of an unknown item or warehouse is not found', async () => {
    const noItem = { status: 404, problem: { code: 'item-not-found' } };
    const noWarehouse = { status: 404, problem: { code: 'warehouse-not-found' } };
    expect(await at.reorderPoint('NO-SUCH', warehouseId)).toMatchObject(noItem);
    expect(await at.setReorderPoint('NO-SUCH', warehouseId, 1, 1n)).toMatchObject(noItem);
    expect(await at.reorderPoint('BOLT', randomUUID())).toMatchObject(noWarehouse);
    expect(await at.setReorderPoint('BOLT', randomUUID(), 1, 1n)).toMatchObject(noWarehouse);
  });

  it('is reported at once if the free stock is there already', async () => {
    await placed(at, { sku: 'BOLT', qty: 7n });
    expect(await at.setReorderPoint('BOLT', warehouseId, 4, 1n)).toMatchObject({ events: [reached(3n)] });
  });

  it('is reported once per crossing', async () => {
    await at.setReorderPoint('BOLT', warehouseId, 4, 1n);
    expect(await reportOf(5n)).toEqual([]);
    expect(await reportOf(1n)).toEqual([reached(4n)]);
    expect(await reportOf(1n)).toEqual([]);
    await at.receive('BOLT', warehouseId, 2);
    expect(await reportOf(2n)).toEqual([reached(3n)]);
  });

  it('is reported once if many orders cross it at once', async () => {
    await at.setReorderPoint('BOLT', warehouseId, 4, 1n);
    const reports = await Promise.all(Array.from({ length: 10 }, () => reportOf(1n)));
    expect(reports.flat()).toEqual([reached(4n)]);
  });

  it('is reported if an expired order is held again, but not if a held one is released', async () => {
    await at.setReorderPoint('BOLT', warehouseId, 4, 1n);
    const expired = await placed(at, { sku: 'BOLT', qty: 3n });
    await at.expire(expired.orderId);
    const held = await placed(at, { sku: 'BOLT', qty: 5n });
    expect(await at.release(held.orderId)).toMatchObject({ events: [] });
    expect(await at.release(expired.orderId)).toMatchObject({
      events: [{ type: 'ReservationRenewed' }, reached(2n)],
    });
  });
});
