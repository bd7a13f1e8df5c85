import type { GetStockLevel } from '@atlas/generated-inventory';
import { available, type StockLevel } from '../domain/stock.ts';
import type { Catalog, StockLedger } from '../ports.ts';

export const getStockLevel =
  ({ catalog, stock }: { readonly catalog: Catalog; readonly stock: StockLedger }): GetStockLevel.Handler =>
  async ({ params: { sku, warehouseId } }, read): Promise<GetStockLevel.Result> => {
    const level = await stock.level(read, sku, warehouseId);
    if (level) return { status: 200, body: view(level) };
    if (!(await catalog.item(read, sku))) {
      return { status: 404, problem: { code: 'item-not-found', detail: `there is no item ${sku}` } };
    }
    const warehouse = await catalog.warehouse(read, warehouseId);
    if (!warehouse) {
      return { status: 404, problem: { code: 'warehouse-not-found', detail: `there is no warehouse ${warehouseId}` } };
    }
    return { status: 200, body: { sku, warehouseId: warehouse.warehouseId, onHand: 0, reserved: 0, available: 0 } };
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
