import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Exchange, type PgStatement } from '../src/adapters/slonik/exchange.ts';
import { TYPES } from '../src/adapters/slonik/types.ts';
import { testDatabase, type TestDatabase } from './testDatabase.ts';

let database: TestDatabase;
let client: pg.Client;
/** The types of the messages that were sent (PostgreSQL, message formats): Parse, Bind, Describe, Execute, Sync. */
let sent = '';

beforeAll(async () => {
  database = await testDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const { stream } = client.connection;
  const write = stream.write.bind(stream);
  stream.write = (bytes: Uint8Array | string) => {
    for (let at = 0, all = Buffer.from(bytes); at < all.length; at += 1 + all.readInt32BE(at + 1))
      sent += String.fromCharCode(all[at] ?? 0);
    return write(bytes);
  };
});
beforeEach(() => {
  sent = '';
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

const run = (...statements: PgStatement[]) => client.query(new Exchange(statements, TYPES)).results;
const quotient = (name: string, by: number): PgStatement => ({
  name,
  text: 'SELECT 12 / $1::int8 AS n, NULL AS none',
  values: [by],
});

describe('the statements of a round trip', () => {
  it('are prepared and described once per connection', async () => {
    const first = await run(quotient('once', 3), { text: 'SELECT 1 AS one' });
    expect(first.map(({ rows }) => rows)).toEqual([[{ n: 4n, none: null }], [{ one: 1 }]]);
    expect(sent).toBe('PBDEPBDES');
    sent = '';
    const [second, other] = await run(quotient('once', 6), { text: 'SELECT 1 AS one' });
    expect(sent).toBe('BEPBDES');
    expect([second, other]).toEqual([{ ...first[0], rows: [{ n: 2n, none: null }] }, first[1]]);
    expect(second?.fields.map(({ name }) => name)).toEqual(['n', 'none']);
  });

  it('may have one name twice', async () => {
    const results = await run(quotient('twice', 3), quotient('twice', 4));
    expect(results.map(({ rows }) => rows[0]?.['n'])).toEqual([4n, 3n]);
  });

  it('that failed when they ran first are still prepared, and then described', async () => {
    await expect(run(quotient('fails', 0), quotient('skipped', 1))).rejects.toThrow('division by zero');
    sent = '';
    const results = await run(quotient('fails', 2), quotient('skipped', 1));
    expect(sent).toBe('BDEPBDES');
    expect(results.map(({ rows }) => rows[0]?.['n'])).toEqual([6n, 12n]);
  });

  it('say how many rows they changed, and nothing for BEGIN', async () => {
    const results = await run(
      { text: 'BEGIN' },
      { text: 'CREATE TEMPORARY TABLE seat (n integer) ON COMMIT DROP' },
      { text: 'INSERT INTO seat SELECT generate_series(1, 3)' },
      { text: 'UPDATE seat SET n = n + $1 WHERE n > 1', values: [1] },
      { text: 'COMMIT' },
    );
    expect(results.map(({ command, rowCount }) => [command, rowCount])).toEqual([
      ['BEGIN', null],
      ['CREATE', null],
      ['INSERT', 3],
      ['UPDATE', 2],
      ['COMMIT', null],
    ]);
  });

  it('fail if a value cannot be read, and the connection goes on', async () => {
    const types: pg.CustomTypesConfig = {
      getTypeParser: () => () => {
        throw new Error('not a number');
      },
    };
    const failing = client.query(new Exchange([{ text: 'SELECT 1' }, { text: 'SELECT 2' }], types)).results;
    await expect(failing).rejects.toThrow('not a number');
    expect((await run({ text: 'SELECT 3 AS n' }))[0]?.rows).toEqual([{ n: 3 }]);
  });
});
