import type { GetStockLevel } from '@atlas/generated-inventory';
import { available } from '../domain/stock.ts';
import type { Catalog, StockLedger } from '../ports.ts';

export const getStockLevel =
  ({ catalog, stock }: { readonly catalog: Catalog; readonly stock: StockLedger }): GetStockLevel.Handler =>
  async ({ params: { sku, warehouseId } }, read) => {
    const level = await stock.level(read, sku, warehouseId);
    if (level) {
      const { onHand, reserved } = level;
      return {
        status: 200,
        body: {
          sku,
          warehouseId,
          onHand: Number(onHand),
          reserved: Number(reserved),
          available: Number(available(level)),
        },
      };
    }
    if (!(await catalog.item(read, sku))) return { status: 404, problem: { code: 'item-not-found' } };
    if (!(await catalog.warehouse(read, warehouseId))) {
      return { status: 404, problem: { code: 'warehouse-not-found' } };
    }
    return { status: 200, body: { sku, warehouseId, onHand: 0, reserved: 0, available: 0 } };
  };
