import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from 'slonik';
import { openSnapshot, readOf, rows, slonikOf, slonikStore } from '../src/adapters/slonik/index.ts';
import type { Read } from '../src/contract/handler.ts';
import { testDatabase, type TestDatabase } from './testDatabase.ts';

const LIMITS = { statementTimeout: 300 };
const SHOWS = sql.prepared('test.shows', rows<{ readonly n: number }>())`SELECT count(*)::int AS n FROM show`;

let database: TestDatabase;
let store: ReturnType<typeof slonikStore>;

beforeAll(async () => {
  database = await testDatabase();
  store = slonikStore(database.url, { maxConnections: 1, connectionWait: 1_000 });
});
afterAll(async () => {
  await store.close();
  await database.drop();
});

const reading = <T>(work: (read: Read) => Promise<T>): Promise<T> => store.read((session) => work(readOf(session)));
const shows = async (read: Read): Promise<number> => (await slonikOf(read).one(SHOWS)).n;

/** Runs `work` in a snapshot, and closes it. */
async function inSnapshot<T>(read: Read, work: (still: Read) => Promise<T>): Promise<T> {
  const snapshot = await openSnapshot(read, LIMITS);
  try {
    return await work(snapshot.read);
  } finally {
    await snapshot.close();
  }
}

describe('a snapshot', () => {
  it('does not see what others commit after it was opened', async () => {
    await reading(async (read) => {
      const before = await shows(read);
      await inSnapshot(read, async (still) => {
        expect(await shows(still)).toBe(before);
        await database.query('INSERT INTO show VALUES (gen_random_uuid(), 71)');
        expect(await shows(still)).toBe(before);
      });
      expect(await shows(read)).toBe(before + 1);
    });
  });

  it('cannot write', async () => {
    const write = sql.unsafe`INSERT INTO show VALUES (gen_random_uuid(), 72)`;
    await expect(reading((read) => inSnapshot(read, (still) => slonikOf(still).query(write)))).rejects.toThrow(
      'read-only',
    );
  });

  it('ends a statement that takes too long, but only its own', async () => {
    const slow = sql.unsafe`SELECT pg_sleep(0.4)`;
    await expect(reading((read) => inSnapshot(read, (still) => slonikOf(still).query(slow)))).rejects.toMatchObject({
      code: 'ATLAS_STATEMENT_TIMEOUT',
    });
    await reading((read) => slonikOf(read).query(slow));
  });

  it('gives its connection back when it is closed, however often', async () => {
    await reading(async (read) => {
      const snapshot = await openSnapshot(read, LIMITS);
      await expect(shows(read)).rejects.toMatchObject({ code: 'ATLAS_BUSY' });
      await snapshot.close();
      await snapshot.close();
      await shows(read);
      await expect(shows(snapshot.read)).rejects.toThrow();
    });
  });
});

describe('a read', () => {
  it('holds no connection between its statements', async () => {
    await reading(async (read) => {
      const before = await shows(read);
      expect(await reading((other) => shows(other))).toBe(before);
      expect(await shows(read)).toBe(before);
    });
  });
});
