import { readFileSync } from 'node:fs';
import { sql } from 'slonik';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SearchOrders } from '@atlas/generated-reporting';
import { rows, slonikOf } from '@atlas/runtime/slonik';
import { ordersQuery } from '../../src/reports/searchOrders.ts';
import { reportingDatabase, type ReportingDatabase } from '../reportingDatabase.ts';

const ORDERS = 300_000;
const STEP = 50_000;
/** Reading this many orders takes about 10 ms. */
const MOST = 15_000;

type Query = SearchOrders.Input['query'];
const file = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');
const questions: Readonly<Record<string, Partial<Query>>> = JSON.parse(file('questions.json'));

let database: ReportingDatabase;
beforeAll(async () => {
  database = await reportingDatabase(`reporting_plans_${process.pid}`);
  // without indexes during the insert, because that takes a third of the time
  const indexes = await database.asOwner(
    `SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'order_summary' AND indexname NOT LIKE '%_pkey'`,
  );
  for (const { indexname } of indexes) await database.asOwner(`DROP INDEX ${String(indexname)}`);
  await database.asOwner('SELECT setseed(0.5)');
  const statement = file('orders.sql').replaceAll(':orders', String(ORDERS));
  for (let first = 1; first < ORDERS; first += STEP)
    await database.asOwner(statement.replaceAll(':first', String(first)).replaceAll(':last', String(first + STEP - 1)));
  for (const { indexdef } of indexes) await database.asOwner(String(indexdef));
  await database.asOwner('ANALYZE');
});
afterAll(() => database.close());

/** A node of a plan (PostgreSQL, EXPLAIN with FORMAT JSON). */
interface Node {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly Plans?: readonly Node[];
}

async function nodesOf(query: Partial<Query>, after?: readonly string[]): Promise<readonly Node[]> {
  const asked: Query = { sort: '-placedAt', limit: 50, ...query };
  const [row] = await database.read(async (read) => {
    const db = slonikOf(read);
    const query = await ordersQuery(db, asked, after, asked.limit + 1);
    return db.any(sql.type(rows<{ readonly 'QUERY PLAN': readonly [{ readonly Plan: Node }] }>())`
      EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ${query}`);
  });
  return flat(row?.['QUERY PLAN'][0].Plan);
}

function flat(node: Node | undefined): readonly Node[] {
  return node === undefined ? [] : [node, ...(node.Plans ?? []).flatMap(flat)];
}

/** How many orders a node has read itself. A bitmap of an index says where orders are, without reading them. */
function seenBy(node: Node): number {
  if (node['Node Type'] === 'Bitmap Index Scan') return 0;
  const {
    'Actual Rows': kept,
    'Rows Removed by Filter': filtered = 0,
    'Rows Removed by Index Recheck': checked = 0,
  } = node;
  return (kept + filtered + checked) * node['Actual Loops'];
}

describe('a search of orders', () => {
  it.each(Object.entries(questions))('for %s reads few orders', async (_what, query) => {
    const nodes = await nodesOf(query);
    expect(
      nodes.filter((node) => node['Node Type'].includes('Seq Scan') && node['Relation Name'] === 'order_summary'),
    ).toEqual([]);
    expect(Math.max(...nodes.map(seenBy))).toBeLessThanOrEqual(MOST);
  });

  it('finds a late page as fast as the first one', async () => {
    const far = ['2025-01-01T00:00:00.000000Z', 'ffffffff-ffff-ffff-ffff-ffffffffffff'];
    for (const query of [{}, { state: 'FULFILLED' }, { requesterId: 'ops-0' }] as const) {
      const nodes = await nodesOf(query, far);
      expect(nodes.map((node) => node['Node Type'])).not.toContain('Sort');
      expect(Math.max(...nodes.map(seenBy))).toBeLessThanOrEqual(100);
    }
  });
});
