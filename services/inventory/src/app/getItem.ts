import type { GetItem } from '@atlas/generated-inventory';
import type { Catalog } from '../ports.ts';

export const getItem =
  ({ catalog }: { readonly catalog: Catalog }): GetItem.Handler =>
  async ({ params }, read): Promise<GetItem.Result> => {
    const item = await catalog.item(read, params.sku);
    if (!item) return { status: 404, problem: { code: 'item-not-found', detail: `there is no item ${params.sku}` } };
    const { version, ...body } = item;
    return { status: 200, body, version };
  };
