import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { VersionConflict } from '@atlas/runtime';
import { MAX_QUANTITY } from '../src/domain/stock.ts';
import { inventoryDatabase, type InventoryDatabase } from './inventoryDatabase.ts';
import { operate, placed, type Operations } from './operate.ts';
import { aPlacedOrder } from './scene.ts';

let database: InventoryDatabase;
let at: Operations;

beforeAll(async () => {
  database = await inventoryDatabase(`inventory_catalog_${process.pid}`);
  at = operate(database);
});
afterAll(() => database.close());
afterEach(() => database.forget());

const BOLT = { sku: 'BOLT', name: 'Bolt M8', baseUnit: 'C62' };

const register = (change: Partial<typeof BOLT> = {}) => at.register({ ...BOLT, ...change });
const open = (code = 'BER1') => at.openWarehouse(code, 'Berlin');

async function opened(): Promise<string> {
  const answer = await open();
  if (answer.status !== 201) throw new Error('the warehouse was not opened');
  return answer.body.warehouseId;
}

const receive = ({
  sku,
  warehouseId,
  qty,
}: {
  readonly sku: string;
  readonly warehouseId: string;
  readonly qty: number;
}) => at.receive(sku, warehouseId, qty);

describe('an item', () => {
  it('is registered once if several requests come at once, and stays as the first one registered it', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `Bolt ${index}`);
    const answers = await Promise.all(names.map((name) => register({ name })));
    const won = names.filter((_name, index) => answers[index]?.status === 201);
    expect(won).toHaveLength(1);
    expect(await register({ name: 'Another' })).toEqual({
      status: 409,
      problem: { code: 'item-exists', detail: 'there is an item BOLT already' },
    });
    expect(await at.item('BOLT')).toEqual({ status: 200, body: { ...BOLT, name: won[0] }, version: 1n });
  });

  it('that was never registered is not found', async () => {
    expect(await at.item('NUT')).toMatchObject({ status: 404, problem: { code: 'item-not-found' } });
  });
});

describe('an item that is renamed', () => {
  it('has the next version, and its state is sent', async () => {
    expect(await register()).toMatchObject({
      events: [{ type: 'ItemChanged', data: { ...BOLT, version: 1n } }],
    });
    expect(await at.rename('BOLT', 'Bolt M8 × 40', 1n)).toMatchObject({
      status: 200,
      body: { ...BOLT, name: 'Bolt M8 × 40' },
      version: 2n,
      events: [{ type: 'ItemChanged', data: { ...BOLT, name: 'Bolt M8 × 40', version: 2n } }],
    });
  });

  it('to its current name gets no new version and sends nothing', async () => {
    await register();
    expect(await at.rename('BOLT', BOLT.name, 1n)).toEqual({
      status: 200,
      body: BOLT,
      version: 1n,
      events: [],
    });
  });

  it('by several people at once gets only one of the names', async () => {
    await register();
    const answers = await Promise.allSettled(['a', 'b', 'c'].map((name) => at.rename('BOLT', name, 1n)));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(at.rename('BOLT', 'd', 1n)).rejects.toThrow(VersionConflict);
  });

  it('has to exist', async () => {
    expect(await at.rename('NUT', 'Nut', 1n)).toMatchObject({
      status: 404,
      problem: { code: 'item-not-found' },
    });
  });
});

describe('a warehouse', () => {
  it('has a unique code, also if several requests come at once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => open('BER1')));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(await open('BER1')).toMatchObject({ status: 409, problem: { code: 'warehouse-exists' } });
    expect(await open('BER2')).toMatchObject({ status: 201 });
  });

  it('is found at the Location that its creation gave', async () => {
    const answer = await open();
    const warehouseId = answer.status === 201 ? answer.body.warehouseId : '';
    expect(answer).toMatchObject({ status: 201, headers: { Location: `/v1/warehouses/${warehouseId}` } });
    expect(await at.warehouse(warehouseId)).toEqual({
      status: 200,
      body: { warehouseId, code: 'BER1', name: 'Berlin' },
      version: 1n,
    });
    expect(await at.warehouse(randomUUID())).toMatchObject({ status: 404, problem: { code: 'warehouse-not-found' } });
  });
});

describe('a receipt', () => {
  it('answers with the stock after it, and sends the movement', async () => {
    await register();
    const warehouseId = await opened();
    await receive({ sku: 'BOLT', warehouseId, qty: 3 });
    expect(await receive({ sku: 'BOLT', warehouseId, qty: 4 })).toMatchObject({
      status: 201,
      body: { sku: 'BOLT', warehouseId, qty: 4, onHandAfter: 7 },
      events: [{ type: 'StockMoved', data: { delta: 4n, onHandAfter: 7n, reservedAfter: 0n } }],
    });
  });

  it('of an unknown item or warehouse is refused, with a problem that says which of them', async () => {
    await register();
    const warehouseId = await opened();
    expect(await receive({ sku: 'NUT', warehouseId, qty: 1 })).toMatchObject({
      status: 422,
      problem: { code: 'item-unknown', errors: [{ pointer: '/sku', detail: 'there is no item NUT' }] },
    });
    expect(await receive({ sku: 'BOLT', warehouseId: randomUUID(), qty: 1 })).toMatchObject({
      status: 422,
      problem: { code: 'warehouse-unknown', errors: [{ pointer: '/warehouseId' }] },
    });
    expect(await database.balances()).toEqual([]);
  });

  it('that would raise the stock above the limit changes nothing', async () => {
    await register();
    const warehouseId = await opened();
    await receive({ sku: 'BOLT', warehouseId, qty: Number(MAX_QUANTITY) });
    expect(await receive({ sku: 'BOLT', warehouseId, qty: 1 })).toMatchObject({
      status: 422,
      problem: { code: 'stock-too-large' },
    });
    expect(await database.balances()).toMatchObject([{ onHand: MAX_QUANTITY, moved: MAX_QUANTITY }]);
  });

  it('may name its warehouse in capitals, and answers in lower case', async () => {
    await register();
    const warehouseId = await opened();
    const body = { sku: 'BOLT', warehouseId: warehouseId.toUpperCase(), qty: 1 };
    expect(await receive(body)).toMatchObject({ body: { warehouseId }, events: [{ data: { warehouseId } }] });
    expect(await at.level('BOLT', body.warehouseId)).toMatchObject({ body: { warehouseId } });
  });
});

describe('a stock level', () => {
  it('is zero without a receipt, and does not count what is reserved as available', async () => {
    await register();
    const warehouseId = await opened();
    const none = { sku: 'BOLT', warehouseId, onHand: 0, reserved: 0, available: 0 };
    expect(await at.level('BOLT', warehouseId)).toEqual({ status: 200, body: none });
    await receive({ sku: 'BOLT', warehouseId, qty: 10 });
    await placed(at, { sku: 'BOLT', qty: 4n });
    expect(await at.level('BOLT', warehouseId)).toEqual({
      status: 200,
      body: { ...none, onHand: 10, reserved: 4, available: 6 },
    });
  });

  it('of an unknown item or warehouse is not found', async () => {
    await register();
    expect(await at.level('NUT', await opened())).toMatchObject({ status: 404, problem: { code: 'item-not-found' } });
    expect(await at.level('BOLT', randomUUID())).toMatchObject({
      status: 404,
      problem: { code: 'warehouse-not-found' },
    });
  });
});

describe('a reservation', () => {
  it('shows its lines while it is held and after its release, or what was short', async () => {
    await register();
    const warehouseId = await opened();
    await receive({ sku: 'BOLT', warehouseId, qty: 5 });
    const { orderId: held } = await placed(at, { sku: 'BOLT', qty: 4n });
    const tooMuch = aPlacedOrder([{ sku: 'BOLT', qty: 2n }]);
    const failed = tooMuch.orderId;
    await at.place(tooMuch);
    const lines = [{ sku: 'BOLT', warehouseId, qty: 4 }];
    expect(await at.reservation(held)).toMatchObject({
      body: { orderId: held, state: 'HELD', lines, shortages: [] },
      version: 1n,
    });
    expect(await at.reservation(failed)).toMatchObject({
      body: { state: 'FAILED', lines: [], shortages: [{ sku: 'BOLT', wanted: 2, available: 1 }] },
    });
    await at.cancel(held);
    expect(await at.reservation(held)).toMatchObject({
      body: { state: 'RELEASED', lines, shortages: [] },
      version: 2n,
    });
  });

  it('of an unknown order is not found', async () => {
    expect(await at.reservation(randomUUID())).toMatchObject({
      status: 404,
      problem: { code: 'reservation-not-found' },
    });
  });
});
