import type { SetReorderPoint } from '@atlas/generated-inventory';
import { reached } from '../domain/reorder.ts';
import type { Catalog, StockLedger } from '../ports.ts';
import { reorderPointReached } from './events.ts';
import { placeNotFound, stockPlaceOf } from './stockPlace.ts';
import { viewReorderPoint } from './viewReorderPoint.ts';

export const setReorderPoint =
  ({ catalog, stock }: { readonly catalog: Catalog; readonly stock: StockLedger }): SetReorderPoint.Handler =>
  async ({ params, ifMatch, body }, tx): Promise<SetReorderPoint.Result> => {
    const place = await stockPlaceOf(catalog, tx, params);
    if (!place.ok) return placeNotFound(place);
    const level = await stock.lock(tx, place.item, place.warehouse);
    const point = body.reorderPoint === null ? null : BigInt(body.reorderPoint);
    const set = { point, version: ifMatch + 1n };
    await stock.setReorderPoint(tx, level, set);
    const low = reached(level, { ...level, reorderPoint: point });
    return {
      status: 200,
      body: viewReorderPoint(level, set),
      version: set.version,
      events: low ? [reorderPointReached(low)] : [],
    };
  };
