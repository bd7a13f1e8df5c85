import type { CreateItem } from '@atlas/generated-inventory';
import type { Catalog } from '../ports.ts';
import { itemChanged } from './events.ts';

export const createItem =
  ({ catalog }: { readonly catalog: Catalog }): CreateItem.Handler =>
  async ({ body, ctx }, tx): Promise<CreateItem.Result> => {
    const item = { ...body, version: 1n };
    if (!(await catalog.addItem(tx, item))) {
      return { status: 409, problem: { code: 'item-exists', detail: `there is an item ${item.sku} already` } };
    }
    return {
      status: 201,
      body,
      version: item.version,
      headers: { Location: `/v1/items/${item.sku}` },
      events: [itemChanged(item, ctx.now)],
    };
  };
