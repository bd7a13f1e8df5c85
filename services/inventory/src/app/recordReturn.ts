import type { RecordReturn } from '@atlas/generated-inventory';
import type { Warehouse } from '../domain/catalog.ts';
import type { StockLevel } from '../domain/stock.ts';
import { takeBack } from '../domain/takeBack.ts';
import type { Catalog, ShipmentStore, StockLedger, Tx } from '../ports.ts';
import { returnRecorded, stockMoved } from './events.ts';
import { invalid, missingWarehouse, placeUnknown } from './stockPlace.ts';
import { viewReturn } from './viewShipment.ts';

interface Ports {
  readonly catalog: Catalog;
  readonly shipments: ShipmentStore;
  readonly stock: StockLedger;
}

export const recordReturn =
  ({ catalog, shipments, stock }: Ports): RecordReturn.Handler =>
  async ({ body, ctx }, tx): Promise<RecordReturn.Result> => {
    const warehouse = await catalog.warehouse(tx, body.warehouseId);
    if (!warehouse) return placeUnknown(missingWarehouse(body.warehouseId));
    const shipment = await shipments.load(tx, body.shipmentId);
    if (!shipment) {
      const detail = `there is no shipment ${body.shipmentId}`;
      return { status: 422, problem: invalid('shipment-unknown', '/shipmentId', detail) };
    }
    const delivery = {
      warehouseId: warehouse.warehouseId,
      credit: body.credit,
      reason: body.reason,
      recordedBy: ctx.actor.id,
      lines: body.lines.map(({ lineId, qty }) => ({ lineId: lineId.toLowerCase(), qty: BigInt(qty) })),
    };
    const skus = shipment.lines.map(({ sku }) => sku);
    const back = takeBack(shipment, await lockHere(stock, tx, skus, warehouse), delivery, ctx);
    if (!back.ok) return back;
    await shipments.save(tx, back.shipment);
    await shipments.addReturn(tx, back.goodsReturn);
    await stock.record(tx, back.movements);
    return {
      status: 201,
      body: viewReturn(back.goodsReturn),
      headers: { Location: `/v1/returns/${back.goodsReturn.returnId}` },
      events: [...back.movements.map(stockMoved), returnRecorded(back.goodsReturn)],
    };
  };

/** Locks in ascending order, as everywhere. The warehouse may have had no such item before. */
async function lockHere(stock: StockLedger, tx: Tx, skus: readonly string[], warehouse: Warehouse) {
  const levels: StockLevel[] = [];
  for (const sku of [...new Set(skus)].toSorted()) levels.push(await stock.lock(tx, { sku }, warehouse));
  return levels;
}
