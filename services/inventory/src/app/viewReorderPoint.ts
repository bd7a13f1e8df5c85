import type { components } from '@atlas/generated-inventory';
import type { ReorderPoint } from '../domain/reorder.ts';
import type { StockPlace } from '../domain/stock.ts';

/** A reorder point as the contract shows it. */
export function viewReorderPoint(
  { sku, warehouseId }: StockPlace,
  { point }: ReorderPoint,
): components['schemas']['ReorderPoint'] {
  return { sku, warehouseId, reorderPoint: point === null ? null : Number(point) };
}
