import type { RecordReceipt } from '@atlas/generated-inventory';
import { receive } from '../domain/receive.ts';
import type { Catalog, StockLedger } from '../ports.ts';
import { stockMoved } from './events.ts';
import { placeUnknown, stockPlaceOf } from './stockPlace.ts';

export const recordReceipt =
  ({ catalog, stock }: { readonly catalog: Catalog; readonly stock: StockLedger }): RecordReceipt.Handler =>
  async ({ body, ctx }, tx): Promise<RecordReceipt.Result> => {
    const place = await stockPlaceOf(catalog, tx, body);
    if (!place.ok) return placeUnknown(place);
    const level = await stock.lock(tx, place.item, place.warehouse);
    const received = receive(level, BigInt(body.qty), ctx);
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
