import type { GetWarehouse } from '@atlas/generated-inventory';
import type { Catalog } from '../ports.ts';

export const getWarehouse =
  ({ catalog }: { readonly catalog: Catalog }): GetWarehouse.Handler =>
  async ({ params }, read): Promise<GetWarehouse.Result> => {
    const warehouse = await catalog.warehouse(read, params.warehouseId);
    if (!warehouse) {
      const detail = `there is no warehouse ${params.warehouseId}`;
      return { status: 404, problem: { code: 'warehouse-not-found', detail } };
    }
    const { version, ...body } = warehouse;
    return { status: 200, body, version };
  };
