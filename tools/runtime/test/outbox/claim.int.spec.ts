import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLAIM, CLAIM_AROUND, HELD_TOPICS } from '../../src/outbox/relay/statements.ts';
import type { Statement } from '../../src/ports/sql.ts';
import { testDatabase, type TestDatabase } from '../testDatabase.ts';

const DEAD = 100_000;
/** Each of the 1,000 waiting rows costs one lookup in an index, which reads a few blocks. */
const MOST_BLOCKS = 5_000;

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await testDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  // the generic plan, which a connection uses after it has run the statement often
  await client.query('SET plan_cache_mode = force_generic_plan');
  await database.query(`INSERT INTO atlas_outbox (topic, key, ce_id, ce_type, correlation_id, occurred_at)
    SELECT 't', convert_to('key-' || n % 500, 'UTF8'), gen_random_uuid(), 'T', 'c', now() FROM generate_series(1, 1000) n`);
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

/** Fills `atlas_dead`. `side` is an SQL expression that gives the side of row `n`. */
async function bury(side: string): Promise<void> {
  await database.query('TRUNCATE atlas_dead');
  await database.query(
    `INSERT INTO atlas_dead (side, topic, key, event_id, headers, reason, error, attempts, dead_at)
    SELECT side, 't', convert_to('dead-' || n, 'UTF8'), 'e', jsonb_build_object('id', CASE side WHEN 'publish' THEN '1' ELSE 'MQ==' END),
      'r', 'e', 1, now()
    FROM (SELECT n, ${side} AS side FROM generate_series(1, ${DEAD}) n) AS dead`,
  );
}

interface Explained {
  readonly plan: string;
  readonly blocks: number;
}

async function explain({ name, text }: Statement, types: string, values: string): Promise<Explained> {
  await client.query(`PREPARE ${name} ${types} AS ${text}`);
  const { rows } = await client.query<{
    'QUERY PLAN': readonly [{ readonly Plan: Readonly<Record<string, unknown>> }];
  }>(`EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) EXECUTE ${name} ${values}`);
  await client.query(`DEALLOCATE ${name}`);
  const plan = rows[0]?.['QUERY PLAN'][0].Plan;
  return {
    plan: JSON.stringify(plan),
    blocks: Number(plan?.['Shared Hit Blocks']) + Number(plan?.['Shared Read Blocks']),
  };
}

describe.each([
  ['only dead letters of consumers', `'consume'`],
  ['one refused event among them', `CASE n WHEN 1 THEN 'publish' ELSE 'consume' END`],
  ['only refused events', `'publish'`],
])(`100,000 dead rows, %s`, (_what, side) => {
  describe.each([
    ['without statistics', 'SELECT 1'],
    ['with statistics', 'ANALYZE atlas_dead, atlas_outbox'],
  ])('%s', (_when, prepare) => {
    beforeAll(async () => {
      await bury(side);
      await database.query(prepare);
    });

    it('do not slow the claim of the relay, which looks up an index', async () => {
      const { plan, blocks } = await explain(CLAIM, '(integer, text[])', `(64, '{}')`);
      expect(plan).toContain('atlas_dead_published');
      expect(blocks).toBeLessThan(MOST_BLOCKS);
    });
  });
});

describe('100,000 rows of a schema in trouble', () => {
  beforeAll(async () => {
    await database.query('TRUNCATE atlas_dead');
    await database.query(`INSERT INTO atlas_outbox (topic, key, fingerprint, ce_id, ce_type, correlation_id, occurred_at)
      SELECT 't', convert_to('bad-' || n % 150000, 'UTF8'), CASE WHEN n > 100000 THEN 'good' ELSE 'bad' END,
        gen_random_uuid(), 'T', 'c', now() FROM generate_series(1, 200000) n`);
  });

  it('are skipped in one pass, with the later rows of their keys', async () => {
    const values = `(2000, '{}', ARRAY[E't\\nT\\nbad'])`;
    const { plan, blocks } = await explain(CLAIM_AROUND, '(integer, text[], text[])', values);
    expect(plan).not.toContain('Join Filter');
    expect(blocks).toBeLessThan(20_000);
    const { rows } = await client.query({ text: CLAIM_AROUND.text, values: [100_000, [], ['t\nT\nbad']] });
    // the 1,000 earlier rows, and 50,000 whose keys have no row in trouble
    expect(rows).toHaveLength(51_000);
  });
});

describe('the topics with held keys', () => {
  it('are found without reading the dead letters of consumers', async () => {
    await bury(`CASE n WHEN 1 THEN 'publish' ELSE 'consume' END`);
    await database.query('ANALYZE atlas_dead');
    const { plan, blocks } = await explain(HELD_TOPICS, '', '');
    expect(plan).toContain('atlas_dead_published');
    expect(blocks).toBeLessThan(MOST_BLOCKS);
  });
});
