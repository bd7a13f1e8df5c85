import { succeeded } from '@atlas/runtime/client';
import pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { receive } from '../../src/story/goods.ts';
import { erp } from './erp.ts';

/** An item that Reporting cannot write, and how to let it go on. */
let goods: Awaited<ReturnType<typeof receive>>;
let letGo: () => Promise<void>;

// This begins before the other suites of the file, because it takes half a minute until a topic is late. None of them
// reads the names of items.
beforeAll(async () => {
  letGo = await keepFromWriting('item');
  goods = await receive(erp.people, 1);
});

/** Keeps Reporting from writing to one of its tables until the returned function is called. */
async function keepFromWriting(table: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: erp.databases['reporting']?.ownerUrl });
  await client.connect();
  await client.query('BEGIN');
  await client.query(`LOCK TABLE ${table} IN SHARE MODE`);
  return () => client.end();
}

describe('a report with a topic that stands still', () => {
  it('says that it is stale until the topic goes on, and which topic that is, and the others are fresh', async () => {
    const { reporting } = erp.people.ops;
    const stock = async () => succeeded(await reporting.getStockPosition({ query: goods })).body;
    try {
      // Right after its start, Reporting calls all topics stale, until it has read their ends once.
      const standing = async () => {
        const { asOf, stale, lagSeconds, sources } = (await stock()).meta;
        const oldest = sources.filter(({ watermark }) => watermark === asOf).map(({ topic }) => topic);
        return { stale, isLate: lagSeconds > 30, oldest };
      };
      await expect
        .poll(standing, { timeout: 150_000 })
        .toEqual({ stale: true, isLate: true, oldest: ['atlas.inventory.item.v1'] });
      const { items } = await stock();
      expect(items).toMatchObject([{ onHand: 1 }]);
      expect(items[0]).not.toHaveProperty('name');
      expect(succeeded(await reporting.searchOrders({ query: {} })).body.meta.stale).toBe(false);
    } finally {
      await letGo();
    }
    await expect.poll(async () => (await stock()).meta.stale).toBe(false);
    expect(await stock()).toMatchObject({ items: [{ name: `Bolt ${goods.sku}` }] });
  });
});
