import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  cloneDatabase,
  deployContracts,
  dropDatabase,
  migrateService,
  mintToken,
  readStack,
  spawnService,
} from '@atlas/stack';
import pg from 'pg';
import { NotMeasurable } from '../row.ts';

const ROOT = join(import.meta.dirname, '../../../..');
const SERVICE = 'reporting';
const STEP = 100_000;

/** The searches that people make, by description, as parameters of the query. */
export type Questions = Readonly<Record<string, Readonly<Record<string, string | number>>>>;

/** Reporting as a process, with this many orders. */
export interface ManyOrders {
  readonly url: string;
  readonly authorization: string;
  readonly databaseUrl: string;
  readonly questions: Questions;
  stop(): Promise<void>;
}

export async function manyOrders(orders: number): Promise<ManyOrders> {
  const info = readStack();
  if (!info) throw new NotMeasurable('no stack is up');
  await using undo = new AsyncDisposableStack();
  const run = `search_${process.pid}_${Date.now().toString(36)}`;
  const { ownerUrl, appUrl } = await cloneDatabase(info, SERVICE, run, { template: 'template1' });
  undo.defer(() => dropDatabase(info, run));
  await migrateService(info, SERVICE, { ownerUrl });
  await fill(ownerUrl, orders);
  const namespace = `${run}.`;
  await deployContracts(info, { namespace });
  const service = await spawnService(info, SERVICE, { namespace, name: run, env: { DATABASE_URL: appUrl } });
  undo.defer(() => service.stop());
  const token = await mintToken(info, { sub: 'bench', roles: ['ops'] });
  const rest = undo.move();
  return {
    url: service.url,
    authorization: `Bearer ${token}`,
    databaseUrl: appUrl,
    questions: JSON.parse(fileOf('questions.json')),
    stop: () => rest.disposeAsync(),
  };
}

/** The same orders as in the test of the plans of searches, but more of them. */
async function fill(ownerUrl: string, orders: number): Promise<void> {
  const client = new pg.Client(ownerUrl);
  await client.connect();
  try {
    // without indexes during the insert, because that takes a third of the time
    const { rows } = await client.query<{ indexname: string; indexdef: string }>(
      `SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'order_summary' AND indexname NOT LIKE '%_pkey'`,
    );
    for (const { indexname } of rows) await client.query(`DROP INDEX ${indexname}`);
    await client.query('SELECT setseed(0.5)');
    const statement = fileOf('orders.sql').replaceAll(':orders', String(orders));
    for (let first = 1; first < orders; first += STEP)
      await client.query(statement.replaceAll(':first', String(first)).replaceAll(':last', String(first + STEP - 1)));
    for (const { indexdef } of rows) await client.query(indexdef);
    await client.query('VACUUM ANALYZE order_summary');
  } finally {
    await client.end();
  }
}

function fileOf(name: string): string {
  return readFileSync(join(ROOT, 'services', SERVICE, 'test/search', name), 'utf8');
}
