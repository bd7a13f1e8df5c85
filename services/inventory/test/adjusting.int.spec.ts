import { randomUUID } from 'node:crypto';
import { sql } from 'slonik';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { slonikOf } from '@atlas/runtime/slonik';
import { inventoryDatabase, type InventoryDatabase } from './inventoryDatabase.ts';
import { operate, placed, type Operations } from './operate.ts';

let database: InventoryDatabase;
let at: Operations;
let warehouseId: string;

beforeAll(async () => {
  database = await inventoryDatabase(`inventory_adjusting_${process.pid}`);
  at = operate(database);
});
afterAll(() => database.close());

beforeEach(async () => {
  warehouseId = await at.open('BER1', ['BOLT', 'NUT']);
  await at.receive('BOLT', warehouseId, 10);
});
afterEach(() => database.forget());

const ask = (change: { readonly delta?: number; readonly expectedOnHand?: number; readonly sku?: string } = {}) =>
  at.requestAdjustment({
    sku: 'BOLT',
    warehouseId,
    expectedOnHand: 10,
    delta: -3,
    reason: 'Three are rusty',
    ...change,
  });

/** Makes an accepted request, and the approval that it waits for. */
async function asked(change: Parameters<typeof ask>[0] = {}) {
  const answer = await ask(change);
  if (answer.status !== 201) throw new Error(`the request was refused: ${answer.problem.code}`);
  const { adjustmentId, digest } = answer.body;
  return { subjectType: 'ADJUSTMENT', subjectId: adjustmentId, subjectVersion: answer.version, digest } as const;
}

const stateOf = async (adjustmentId: string) => {
  const answer = await at.adjustment(adjustmentId);
  return answer.status === 200 ? answer.body : undefined;
};

describe('an adjustment', () => {
  it('changes nothing until it is approved, and then changes the stock by one movement', async () => {
    const answer = await ask();
    expect(answer).toMatchObject({
      status: 201,
      version: 1n,
      body: { state: 'PENDING_APPROVAL', expectedOnHand: 10, delta: -3, requesterId: 'ops-1' },
    });
    const { adjustmentId, digest } = { adjustmentId: '', digest: '', ...('body' in answer ? answer.body : {}) };
    expect(answer).toMatchObject({
      headers: { Location: `/v1/adjustments/${adjustmentId}` },
      events: [
        {
          type: 'AdjustmentRequested',
          data: { adjustmentId, version: 1n, digest, expectedOnHand: 10n, delta: -3n, requesterId: 'ops-1' },
        },
      ],
    });
    expect(await database.balances()).toMatchObject([{ onHand: 10n, moved: 10n }]);
    const approval = { subjectType: 'ADJUSTMENT', subjectId: adjustmentId, subjectVersion: 1n, digest } as const;
    expect(await at.grant(approval)).toMatchObject({
      events: [
        { type: 'AdjustmentPosted', data: { adjustmentId, delta: -3n, onHandAfter: 7n } },
        { type: 'StockMoved', data: { kind: 'ADJUSTMENT', delta: -3n, onHandAfter: 7n, reservedAfter: 0n } },
      ],
    });
    expect(await database.balances()).toMatchObject([{ onHand: 7n, moved: 7n }]);
    expect(await at.adjustment(adjustmentId)).toMatchObject({ body: { state: 'POSTED', digest }, version: 2n });
    expect(await at.grant(approval)).toEqual({ events: [], noop: 'POSTED' });
  });

  it('may find stock where there was none', async () => {
    const approval = await asked({ sku: 'NUT', expectedOnHand: 0, delta: 5 });
    await at.grant(approval);
    expect(await database.balances()).toMatchObject([{ sku: 'BOLT' }, { sku: 'NUT', onHand: 5n, moved: 5n }]);
  });

  it('reports a reorder point that it crosses', async () => {
    await at.setReorderPoint('BOLT', warehouseId, 8, 1n);
    const { events } = await at.grant(await asked());
    expect(events).toMatchObject([
      { type: 'AdjustmentPosted' },
      { type: 'StockMoved' },
      { type: 'ReorderPointReached', data: { reorderPoint: 8n, free: 7n } },
    ]);
  });

  it('that is refused leaves no trace', async () => {
    expect(await ask({ sku: 'NUT', expectedOnHand: 1 })).toMatchObject({
      status: 409,
      problem: { code: 'stock-changed' },
    });
    expect(await ask({ sku: 'NO-SUCH' })).toMatchObject({ status: 422, problem: { code: 'item-unknown' } });
    expect(
      await at.requestAdjustment({
        sku: 'BOLT',
        warehouseId: randomUUID(),
        expectedOnHand: 0,
        delta: 1,
        reason: 'Found one',
      }),
    ).toMatchObject({ status: 422, problem: { code: 'warehouse-unknown' } });
    const { rows } = await database.transaction((tx) => slonikOf(tx).query(sql.unsafe`SELECT FROM adjustment`));
    expect(rows).toEqual([]);
  });

  it('below what is held for orders is refused', async () => {
    await placed(at, { sku: 'BOLT', qty: 8n });
    expect(await ask()).toMatchObject({ status: 409, problem: { code: 'below-reserved' } });
    expect(await ask({ delta: -2 })).toMatchObject({ status: 201 });
  });
});

describe('an adjustment that is approved too late is rejected', () => {
  it('if the stock on hand has changed', async () => {
    const approval = await asked();
    await at.receive('BOLT', warehouseId, 1);
    expect(await at.grant(approval)).toMatchObject({
      events: [{ type: 'AdjustmentRejected', data: { adjustmentId: approval.subjectId, reason: 'STOCK_CHANGED' } }],
    });
    expect(await stateOf(approval.subjectId)).toMatchObject({ state: 'REJECTED', rejection: 'STOCK_CHANGED' });
    expect(await database.balances()).toMatchObject([{ onHand: 11n, moved: 11n }]);
  });

  it('if more is held for orders than would be left', async () => {
    const approval = await asked();
    await placed(at, { sku: 'BOLT', qty: 8n });
    expect(await at.grant(approval)).toMatchObject({ events: [{ data: { reason: 'BELOW_RESERVED' } }] });
    expect(await database.balances()).toMatchObject([{ onHand: 10n, reserved: 8n }]);
  });

  it('if another one was approved at the same time', async () => {
    const approvals = [await asked(), await asked({ delta: 4 }), await asked({ delta: -1 })];
    const answers = await Promise.all(approvals.map(at.grant));
    const kinds = answers.map(({ events }) => events[0]?.type);
    expect(kinds.filter((kind) => kind === 'AdjustmentPosted')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'AdjustmentRejected')).toHaveLength(2);
    const [balance] = await database.balances();
    expect(balance?.onHand).toBe(balance?.moved);
  });
});

describe('an approval', () => {
  it.each([
    ['rejected', 'APPROVAL_REJECTED', (approval: Parameters<Operations['reject']>[0]) => at.reject(approval)],
    ['expired', 'APPROVAL_EXPIRED', (approval: Parameters<Operations['reject']>[0]) => at.expireApproval(approval)],
  ])('that is %s rejects the adjustment', async (_what, reason, end) => {
    const approval = await asked();
    expect(await end(approval)).toMatchObject({ events: [{ type: 'AdjustmentRejected', data: { reason } }] });
    expect(await stateOf(approval.subjectId)).toMatchObject({ state: 'REJECTED', rejection: reason });
    expect(await end(approval)).toEqual({ events: [], noop: 'REJECTED' });
    expect(await at.grant(approval)).toEqual({ events: [], noop: 'REJECTED' });
  });

  it('of another version or digest decides nothing', async () => {
    const approval = await asked();
    const other = { ...approval, digest: 'f'.repeat(64) };
    const older = { ...approval, subjectVersion: 0n };
    for (const wrong of [other, older]) {
      for (const end of [at.grant, at.reject, at.expireApproval]) {
        expect(await end(wrong)).toEqual({ events: [], noop: 'OTHER_VERSION' });
      }
    }
    expect(await stateOf(approval.subjectId)).toMatchObject({ state: 'PENDING_APPROVAL' });
  });

  it.each(['ORDER', 'REFUND', 'JOURNAL', 'UNSPECIFIED'] as const)('of %s decides nothing here', async (subjectType) => {
    const approval = { ...(await asked()), subjectType };
    for (const end of [at.grant, at.reject, at.expireApproval]) {
      expect(await end(approval)).toEqual({ events: [], noop: 'OTHER_SUBJECT' });
    }
  });

  it('of an adjustment that is unknown decides nothing', async () => {
    const approval = { ...(await asked()), subjectId: randomUUID() };
    for (const end of [at.grant, at.reject, at.expireApproval]) {
      expect(await end(approval)).toEqual({ events: [], noop: 'UNKNOWN' });
    }
  });
});

describe('what was requested', () => {
  it('cannot be changed by the role of the service', async () => {
    const change = sql.unsafe`UPDATE adjustment SET delta = 1`;
    await expect(database.transaction((tx) => slonikOf(tx).query(change))).rejects.toMatchObject({ code: '42501' });
  });

  it('is not found under another id', async () => {
    expect(await at.adjustment(randomUUID())).toMatchObject({ status: 404, problem: { code: 'adjustment-not-found' } });
  });
});
