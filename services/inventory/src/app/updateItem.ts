import type { UpdateItem } from '@atlas/generated-inventory';
import { rename } from '../domain/catalog.ts';
import type { Catalog } from '../ports.ts';
import { itemChanged } from './events.ts';

export const updateItem =
  ({ catalog }: { readonly catalog: Catalog }): UpdateItem.Handler =>
  async ({ params, ifMatch, body, ctx }, tx): Promise<UpdateItem.Result> => {
    const before = await catalog.lockItem(tx, params.sku, ifMatch);
    if (!before) return { status: 404, problem: { code: 'item-not-found', detail: `there is no item ${params.sku}` } };
    const renamed = rename(before, body.name);
    if (renamed) await catalog.saveItem(tx, renamed);
    const { version, ...item } = renamed ?? before;
    return { status: 200, body: item, version, events: renamed ? [itemChanged(renamed, ctx.now)] : [] };
  };
