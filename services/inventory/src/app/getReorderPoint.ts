import type { GetReorderPoint } from '@atlas/generated-inventory';
import type { Catalog, StockLedger } from '../ports.ts';
import { placeNotFound, stockPlaceOf } from './stockPlace.ts';
import { viewReorderPoint } from './viewReorderPoint.ts';

export const getReorderPoint =
  ({ catalog, stock }: { readonly catalog: Catalog; readonly stock: StockLedger }): GetReorderPoint.Handler =>
  async ({ params }, read): Promise<GetReorderPoint.Result> => {
    const place = await stockPlaceOf(catalog, read, params);
    if (!place.ok) return placeNotFound(place);
    const stockPlace = { sku: place.item.sku, warehouseId: place.warehouse.warehouseId };
    const reorderPoint = await stock.reorderPoint(read, stockPlace);
    return { status: 200, body: viewReorderPoint(stockPlace, reorderPoint), version: reorderPoint.version };
  };
