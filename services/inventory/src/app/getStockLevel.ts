import type { GetStockLevel } from '@atlas/generated-inventory';
import { available, type StockLevel } from '../domain/stock.ts';
import type { Catalog, StockLedger } from '../ports.ts';
import { placeNotFound, stockPlaceOf } from './stockPlace.ts';

export const getStockLevel =
  ({ catalog, stock }: { readonly catalog: Catalog; readonly stock: StockLedger }): GetStockLevel.Handler =>
  async ({ params }, read): Promise<GetStockLevel.Result> => {
    const level = await stock.level(read, params.sku, params.warehouseId);
    if (level) return { status: 200, body: view(level) };
    const place = await stockPlaceOf(catalog, read, params);
    if (!place.ok) return placeNotFound(place);
    const { warehouseId } = place.warehouse;
    return { status: 200, body: { sku: params.sku, warehouseId, onHand: 0, reserved: 0, available: 0 } };
  };

function view(level: StockLevel) {
  const { sku, warehouseId, onHand, reserved } = level;
  return {
    sku,
    warehouseId,
    onHand: Number(onHand),
    reserved: Number(reserved),
    available: Number(available(level)),
  };
}
