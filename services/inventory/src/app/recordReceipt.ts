import type { RecordReceipt } from '@atlas/generated-inventory';
import { receive } from '../domain/receive.ts';
import type { Catalog, StockLedger } from '../ports.ts';
import { stockMoved } from './events.ts';

export const recordReceipt =
  ({ catalog, stock }: { readonly catalog: Catalog; readonly stock: StockLedger }): RecordReceipt.Handler =>
  async ({ body, ctx }, tx): Promise<RecordReceipt.Result> => {
    const item = await catalog.item(tx, body.sku);
    if (!item) return { status: 422, problem: unknown('item-unknown', '/sku', `there is no item ${body.sku}`) };
    const warehouse = await catalog.warehouse(tx, body.warehouseId);
    if (!warehouse) {
      const detail = `there is no warehouse ${body.warehouseId}`;
      return { status: 422, problem: unknown('warehouse-unknown', '/warehouseId', detail) };
    }

    const level = await stock.lock(tx, item, warehouse);
    const received = receive(level, { movementId: ctx.newId(), qty: BigInt(body.qty), recordedAt: ctx.now });
    if (!received.ok) return { status: 422, problem: received.problem };
    const { movement } = received;
    await stock.record(tx, [movement]);
    return {
      status: 201,
      body: {
        movementId: movement.movementId,
        sku: movement.sku,
        warehouseId: movement.warehouseId,
        qty: body.qty,
        onHandAfter: Number(movement.onHandAfter),
        recordedAt: movement.recordedAt.toISOString(),
      },
      events: [stockMoved(movement)],
    };
  };

function unknown<Code extends string>(code: Code, pointer: string, detail: string) {
  return { code, detail, errors: [{ pointer, detail }] };
}
