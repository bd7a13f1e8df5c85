import pg from 'pg';
import { CheckIntegrityConstraintViolationError, sql } from 'slonik';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TransactionClient } from '../src/adapters/slonik/client.ts';
import { queueWrite, rows, slonikOf, slonikStore, txOf } from '../src/adapters/slonik/index.ts';
import { TYPES } from '../src/adapters/slonik/types.ts';
import { LastStatements } from '../src/ports/sql.ts';
import { testDatabase, type TestDatabase } from './testDatabase.ts';

let database: TestDatabase;
let store: ReturnType<typeof slonikStore>;
let client: pg.Client;
let writes = 0;

beforeAll(async () => {
  database = await testDatabase();
  store = slonikStore(database.url, { lockTimeout: 100 });
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const { stream } = client.connection;
  const write = stream.write.bind(stream);
  stream.write = (bytes: Uint8Array | string) => {
    writes += 1;
    return write(bytes);
  };
});
beforeEach(async () => {
  await database.query('TRUNCATE show, booking, atlas_inbox');
  writes = 0;
});
afterAll(async () => {
  await client.end();
  await store.close();
  await database.drop();
});

const insert = (free: number) =>
  sql.type(rows<never>())`INSERT INTO show (show_id, free) VALUES (gen_random_uuid(), ${free})`;
const CONFLICTS = [
  sql.type(rows<never>())`DO $$ BEGIN RAISE EXCEPTION 'conflict' USING ERRCODE = '40001'; END $$`,
  sql.type(rows<never>())`DO $$ BEGIN RAISE EXCEPTION 'conflict' USING ERRCODE = '40P01'; END $$`,
];
const shows = async () => (await database.query('SELECT free FROM show ORDER BY free')).map(({ free }) => free);
const text = (statement: string) => ({ text: statement });

describe('a transaction', () => {
  it('sends statements of one moment together, and queued ones with the next or with COMMIT', async () => {
    const transactions = new TransactionClient(client, TYPES);
    transactions.begin();
    const [one, two] = await Promise.all([
      transactions.query(text('SELECT 1 AS n')),
      transactions.query(text('SELECT 2 AS n')),
    ]);
    expect([one.rows, two.rows]).toEqual([[{ n: 1 }], [{ n: 2 }]]);
    expect(writes).toBe(1);
    transactions.queue(text('INSERT INTO show VALUES (gen_random_uuid(), 1)'));
    expect(writes).toBe(1);
    expect((await transactions.query(text('SELECT free FROM show'))).rows).toEqual([{ free: 1 }]);
    expect(writes).toBe(2);
    transactions.queue(text('INSERT INTO show VALUES (gen_random_uuid(), 2)'));
    await transactions.commit();
    expect(writes).toBe(3);
    expect(await shows()).toEqual([1, 2]);
  });

  it('gives the error to all statements that were sent together', async () => {
    const transactions = new TransactionClient(client, TYPES);
    transactions.begin();
    const outcomes = await Promise.allSettled(
      ['SELECT 1', 'SELECT 1 / 0', 'SELECT 2'].map((statement) => transactions.query(text(statement))),
    );
    for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: { message: 'division by zero' } });
    await transactions.rollback();
  });
});

it('statements outside of a transaction do not become one', async () => {
  const transactions = new TransactionClient(client, TYPES);
  const outcomes = await Promise.allSettled([
    transactions.query(text('INSERT INTO show VALUES (gen_random_uuid(), 3)')),
    transactions.query(text('SELECT 1 / 0')),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  expect(await shows()).toEqual([3]);
});

describe('a queued write', () => {
  it('is seen by the next statement, also by a stream and in a nested transaction', async () => {
    const seen = await store.transaction(async (session) => {
      const [tx, db] = [txOf(session), slonikOf(txOf(session))];
      queueWrite(tx, insert(1));
      const streamed: unknown[] = [];
      await db.stream(sql.unsafe`SELECT free FROM show`, (stream) => {
        stream.on('data', ({ data }) => streamed.push(data));
      });
      queueWrite(tx, insert(2));
      const nested = await db.transaction((inner) => inner.any(sql.unsafe`SELECT free FROM show ORDER BY free`));
      return [streamed, nested];
    });
    expect(seen).toEqual([[{ free: 1 }], [{ free: 1 }, { free: 2 }]]);
    expect(await shows()).toEqual([1, 2]);
  });

  it('that is refused at COMMIT rolls back everything, and nothing that ends the transaction is written', async () => {
    const work = store.transaction<void>(async (session) => {
      await slonikOf(txOf(session)).query(insert(1));
      queueWrite(txOf(session), insert(2));
      queueWrite(txOf(session), sql.type(rows<never>())`INSERT INTO booking VALUES (gen_random_uuid(), NULL, 1, 1)`);
      const last = {
        name: 'test_last',
        text: `INSERT INTO atlas_inbox (event_id, consumer, applied_at, source) VALUES ('e-1', 'c', now(), 's')`,
      };
      return new LastStatements([{ statement: last, values: [] }], () => {});
    });
    await expect(work).rejects.toMatchObject({ cause: { code: '23502' } });
    expect(await shows()).toEqual([]);
    expect(await database.query('SELECT FROM atlas_inbox')).toEqual([]);
  });

  it('is not sent if the work fails, and neither in the next transaction', async () => {
    const work = store.transaction(async (session) => {
      queueWrite(txOf(session), insert(1));
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    await store.transaction((session) => slonikOf(txOf(session)).query(insert(2)));
    expect(await shows()).toEqual([2]);
  });

  it('fails after its transaction', async () => {
    const tx = await store.transaction(async (session) => txOf(session));
    expect(() => queueWrite(tx, insert(1))).toThrow('has ended');
  });

  it('lets the work run again after a conflict, and waits only briefly for a lock', async () => {
    for (const conflict of CONFLICTS) {
      let tries = 0;
      await store.transaction(async (session) => {
        tries += 1;
        queueWrite(txOf(session), insert(tries));
        if (tries < 3) queueWrite(txOf(session), conflict);
      });
      expect(tries).toBe(3);
    }
    expect(await shows()).toEqual([3, 3]);
    await store.transaction(async (session) => {
      await slonikOf(txOf(session)).query(sql.unsafe`SELECT FROM show FOR UPDATE`);
      const other = store.transaction(async (another) =>
        queueWrite(txOf(another), sql.type(rows<never>())`UPDATE show SET free = 0`),
      );
      await expect(other).rejects.toMatchObject({ code: 'ATLAS_LOCKED' });
    });
  });

  it('throws the errors of slonik and of the plumbing', async () => {
    const refused = store.transaction(async (session) => queueWrite(txOf(session), insert(-1)));
    await expect(refused).rejects.toThrow(CheckIntegrityConstraintViolationError);
    await expect(refused).rejects.toMatchObject({ constraint: 'show_free_check' });
    const twice = store.transaction(async (session) =>
      queueWrite(
        txOf(session),
        sql.type(rows<never>())`INSERT INTO atlas_inbox (event_id, consumer, applied_at, source)
          SELECT 'e-1', 'c', now(), 's' FROM generate_series(1, 2)`,
      ),
    );
    await expect(twice).rejects.toMatchObject({ code: 'ATLAS_CONFLICT' });
  });
});
