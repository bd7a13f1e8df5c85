import type { RecordReceipt } from '@atlas/generated-inventory';
import { receive } from '../domain/receive.ts';
import type { Catalog, StockLedger } from '../ports.ts';

export const recordReceipt =
  ({ catalog, stock }: { readonly catalog: Catalog; readonly stock: StockLedger }): RecordReceipt.Handler =>
  async ({ body, ctx }, tx) => {
    const item = await catalog.item(tx, body.sku);
    if (!item) return { status: 422, problem: { code: 'item-unknown' } };
    const warehouse = await catalog.warehouse(tx, body.warehouseId);
    if (!warehouse) return { status: 422, problem: { code: 'warehouse-unknown' } };

    const level = await stock.lock(tx, item, warehouse);
    const received = receive(level, { movementId: ctx.newId(), qty: BigInt(body.qty), recordedAt: ctx.now });
    if (!received.ok) return { status: 422, problem: received.problem };
    const { movement, event } = received;
    await stock.record(tx, movement);
    return {
      status: 201,
      body: {
        ...body,
        movementId: movement.movementId,
        onHandAfter: Number(movement.onHandAfter),
        recordedAt: movement.recordedAt.toISOString(),
      },
      events: [event],
    };
  };
