import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ARRIVE_SET } from '../src/inbox/sets/statements.ts';
import { NEXT_DUE } from '../src/timers/statements.ts';
import { testDatabase, type TestDatabase } from './testDatabase.ts';

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await testDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});
// the time stands still in a transaction
beforeEach(() => client.query('BEGIN'));
afterEach(() => client.query('ROLLBACK'));
afterAll(async () => {
  await client.end();
  await database.drop();
});

describe('the time of the next timer', () => {
  const next = async () => {
    const { rows } = await client.query({ ...NEXT_DUE, values: ['timer', ['hold']] });
    return Math.round(Number(rows[0]?.ms) / 1_000);
  };
  const set = (key: string, next: string, claimed: string | null = null) =>
    client.query(
      `INSERT INTO atlas_timer (kind, name, key, id, due_at, next_at, body, fingerprint, correlation_id, claimed_until)
      SELECT 'timer', 'hold', $1 || n, gen_random_uuid(), now(), now() + n * interval '1 second' + $2::interval, '', 'f', 'c',
        now() + $3::interval FROM generate_series(1, $4::integer) n`,
      [key, next, claimed, key === 'many' ? 20_000 : 1],
    );

  it('is found without reading the timers after it, also by a plan from when there were none', async () => {
    await client.query('SET LOCAL plan_cache_mode = force_generic_plan');
    expect(await next()).toBe(0);
    await set('many', '100 s');
    expect(await next()).toBe(101);
    const { rows } = await client.query(`EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON)
      EXECUTE ${NEXT_DUE.name} ('timer', '{hold}')`);
    const { Plan: plan } = rows[0]['QUERY PLAN'][0];
    expect(plan['Shared Hit Blocks'] + plan['Shared Read Blocks'], JSON.stringify(plan)).toBeLessThan(20);
  });

  it('is when the claim of one that was due ends, unless another one is due before', async () => {
    await set('later', '100 s');
    await set('claimed', '-10 s', '200 s');
    expect(await next()).toBe(101);
    await set('soon', '-10 s', '50 s');
    expect(await next()).toBe(50);
    await set('due', '-10 s');
    expect(await next()).toBe(-9);
  });
});

describe('a set that arrives', () => {
  it('is looked up by the prepared plan, whatever its length', async () => {
    const arrive = (length: number) => {
      const ids = Array.from({ length }, (_, n) => `e-${n}`);
      const keys = ids.map((id) => Buffer.from(id));
      const sources = ids.map(() => 's');
      return client.query({
        ...ARRIVE_SET,
        values: ['t', keys, ids, sources, 'c', 'c (dead)', new Date(), 'g', 't', 0, 1],
      });
    };
    for (let length = 1; length <= 20; length++) await arrive(1 + (length % 8));
    const { rows } = await client.query('SELECT custom_plans FROM pg_prepared_statements WHERE name = $1', [
      ARRIVE_SET.name,
    ]);
    // the first five, after which Postgres compares
    expect(rows).toEqual([{ custom_plans: '5' }]);
  });
});
