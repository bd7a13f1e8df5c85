import type { Item, Warehouse } from '../domain/catalog.ts';
import type { Catalog, Read, Tx } from '../ports.ts';

interface Missing<What extends string = 'item' | 'warehouse'> {
  readonly ok: false;
  readonly what: What;
  readonly detail: string;
}

type Found = { readonly ok: true; readonly item: Item; readonly warehouse: Warehouse } | Missing;

/** The item and the warehouse of a balance, or which of them does not exist. */
export async function stockPlaceOf(
  catalog: Catalog,
  session: Tx | Read,
  { sku, warehouseId }: { readonly sku: string; readonly warehouseId: string },
): Promise<Found> {
  const item = await catalog.item(session, sku);
  if (!item) return { ok: false, what: 'item', detail: `there is no item ${sku}` };
  const warehouse = await catalog.warehouse(session, warehouseId);
  return warehouse ? { ok: true, item, warehouse } : missingWarehouse(warehouseId);
}

export function missingWarehouse(warehouseId: string): Missing<'warehouse'> {
  return { ok: false, what: 'warehouse', detail: `there is no warehouse ${warehouseId}` };
}

/** The answer if the path names something that does not exist. */
export function placeNotFound({ what, detail }: Missing) {
  return { status: 404, problem: { code: `${what}-not-found`, detail } } as const;
}

/** The answer if the body names something that does not exist. */
export function placeUnknown<What extends 'item' | 'warehouse'>({ what, detail }: Missing<What>) {
  const pointer = what === 'item' ? '/sku' : '/warehouseId';
  return { status: 422, problem: invalid(`${what}-unknown`, pointer, detail) } as const;
}

/** A problem with one value of the body. */
export function invalid<Code extends string>(code: Code, pointer: string, detail: string) {
  return { code, detail, errors: [{ pointer, detail }] };
}
