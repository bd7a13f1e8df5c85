import type { CreateWarehouse } from '@atlas/generated-inventory';
import type { Catalog } from '../ports.ts';

export const createWarehouse =
  ({ catalog }: { readonly catalog: Catalog }): CreateWarehouse.Handler =>
  async ({ body, ctx }, tx): Promise<CreateWarehouse.Result> => {
    const warehouse = { warehouseId: ctx.newId(), ...body };
    const version = 1n;
    const added = await catalog.addWarehouse(tx, { ...warehouse, version });
    if (!added) {
      return {
        status: 409,
        problem: { code: 'warehouse-exists', detail: `there is a warehouse ${body.code} already` },
      };
    }
    return {
      status: 201,
      body: warehouse,
      version,
      headers: { Location: `/v1/warehouses/${warehouse.warehouseId}` },
    };
  };
