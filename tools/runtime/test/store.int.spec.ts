import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sql } from 'slonik';
import { rows, slonikOf, slonikStore, txOf } from '../src/adapters/slonik/index.ts';
import type { Store } from '../src/ports/sql.ts';
import { testDatabase, type TestDatabase } from './testDatabase.ts';

let database: TestDatabase;
const stores: Store[] = [];

beforeAll(async () => {
  database = await testDatabase();
});
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
});
afterAll(() => database.drop());

function open(url = database.url, maxConnections = 4): Store {
  const store = slonikStore(url, { maxConnections });
  stores.push(store);
  return store;
}

const statement = (text: string) => ({ name: text.slice(-60), text });

describe('a session', () => {
  it('gives and takes values unchanged in any time zone', async () => {
    const rows = await open().read((session) =>
      session.query(
        statement(`SELECT $1::int8 AS big, $2::timestamptz AS at, $3::bytea AS bytes, $4::text[] AS list, $5::jsonb AS json,
          $6::bytea[] AS many, '2026-03-01'::date AS day, NULL::text AS nothing`),
        [
          9007199254740993n,
          new Date('2026-03-01T10:00:00.001Z'),
          Buffer.from([0, 255]),
          ['a"b', null],
          '{"x":[1]}',
          [Buffer.from([1])],
        ],
      ),
    );
    expect(rows).toEqual([
      {
        big: 9007199254740993n,
        at: new Date('2026-03-01T10:00:00.001Z'),
        bytes: Buffer.from([0, 255]),
        list: ['a"b', null],
        json: { x: [1] },
        many: [Buffer.from([1])],
        day: '2026-03-01',
        nothing: null,
      },
    ]);
  });

  it('ends with its transaction', async () => {
    const kept = await open().transaction(async (session) => session);
    await expect(kept.query(statement('SELECT 1'))).rejects.toThrow('parent transaction');
  });

  it('can be unwrapped only if it is its own', async () => {
    expect(() => txOf({ query: async () => [] })).toThrow('slonikStore');
    await open().read(async (session) => expect(() => txOf(session)).toThrow('slonikStore'));
    await open().transaction(async (session) => expect(slonikOf(txOf(session)).transactionDepth).toBe(0));
  });
});

describe('a transaction', () => {
  it('that ends with an error keeps its connection and its prepared statements', async () => {
    const store = open(database.url, 1);
    const pid = () =>
      store.read((session) => session.query<{ pid: number }>(statement('SELECT pg_backend_pid() AS pid')));
    const before = await pid();
    await expect(
      store.transaction(async () => {
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    await expect(store.transaction((session) => session.query(statement('SELECT nonsense')))).rejects.toThrow(
      'nonsense',
    );
    expect(await pid()).toEqual(before);
  });

  it('that is given up takes no more statements, not even in the next transaction of its connection', async () => {
    const store = open(database.url, 1);
    const next = Promise.withResolvers<void>();
    let late: Promise<unknown> | undefined;
    const givenUp = store.transaction(async (session) => {
      const connection = slonikOf(txOf(session));
      const insert = (free: number) =>
        connection.query(sql.prepared('late', rows<never>())`INSERT INTO show VALUES (gen_random_uuid(), ${free})`);
      const first = connection.query(sql.prepared('slow', rows<never>())`SELECT pg_sleep(0.1)`);
      late = Promise.allSettled([first.then(() => insert(91)), next.promise.then(() => insert(92))]);
      throw new Error('given up');
    });
    await expect(givenUp).rejects.toThrow('given up');
    await store.transaction(async (session) => {
      await session.query(statement('SELECT 1 AS one'));
      next.resolve();
      expect(await late).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
    });
    expect(await database.query('SELECT free FROM show WHERE free > 90')).toEqual([]);
  });

  it('says whether it waited too long for a lock or for a statement', async () => {
    await database.query('INSERT INTO show VALUES (gen_random_uuid(), 81)');
    const store = slonikStore(database.url, { lockTimeout: 50, statementTimeout: 200 });
    stores.push(store);
    const lock = statement('SELECT 1 FROM show WHERE free = 81 FOR UPDATE');
    await open().transaction(async (session) => {
      await session.query(lock);
      await expect(store.transaction((other) => other.query(lock))).rejects.toMatchObject({ code: 'ATLAS_LOCKED' });
    });
    await expect(store.transaction((session) => session.query(statement('SELECT pg_sleep(60)')))).rejects.toMatchObject(
      { code: 'ATLAS_STATEMENT_TIMEOUT' },
    );
  });

  it('is retried after a deadlock, and both transactions succeed', async () => {
    await database.query('INSERT INTO show VALUES (gen_random_uuid(), 1), (gen_random_uuid(), 2)');
    const store = open();
    const both = Promise.withResolvers<void>();
    let waiting = 0;
    let tries = 0;
    const take = (order: readonly number[]) =>
      store.transaction(async (session) => {
        tries += 1;
        for (const [turn, free] of order.entries()) {
          await session.query(statement('SELECT 1 FROM show WHERE free = $1 FOR UPDATE'), [free]);
          if (turn === 0 && (waiting += 1) === 2) both.resolve();
          if (turn === 0) await both.promise;
        }
        return 'done';
      });
    expect(await Promise.all([take([1, 2]), take([2, 1])])).toEqual(['done', 'done']);
    // the transaction that was retried may write its first row between the two rows of the other
    expect(tries).toBeGreaterThanOrEqual(3);
  });

  it('whose COMMIT reply is lost is not run again, and its outcome is unknown', async () => {
    const proxy = await dropCommitReply(database.url);
    let tries = 0;
    const store = open(proxy.url);
    await expect(
      store.transaction(async (session) => {
        tries += 1;
        await session.query(statement('INSERT INTO show VALUES (gen_random_uuid(), 77)'));
      }),
    ).rejects.toMatchObject({ code: 'ATLAS_COMMIT_UNKNOWN' });
    expect(tries).toBe(1);
    expect(await database.query('SELECT free FROM show WHERE free = 77')).toHaveLength(1);
    await expect(store.read((session) => session.query(statement('SELECT 1 AS one')))).resolves.toEqual([{ one: 1 }]);
    await proxy.close();
  });

  it('that loses its connection before COMMIT has failed for sure, and the next one works', async () => {
    const store = open();
    const lost = store.transaction(async (session) => {
      const [row] = await session.query<{ pid: number }>(statement('SELECT pg_backend_pid() AS pid'));
      await database.query('SELECT pg_terminate_backend($1)', [row?.pid]);
      return session.query(statement('SELECT 1 AS one'));
    });
    await expect(lost).rejects.toMatchObject({ code: 'ATLAS_DATABASE_UNAVAILABLE' });
    expect(await store.transaction((session) => session.query(statement('SELECT 1 AS one')))).toEqual([{ one: 1 }]);
  });
});

describe('a transaction that is left idle', () => {
  it('loses its connection, which does not mean that the database is unavailable', async () => {
    const store = open();
    const idle = store.transaction(async (session) => {
      await session.query(statement(`SELECT set_config('idle_in_transaction_session_timeout', '50', true)`));
      const [row] = await session.query<{ pid: number }>(statement('SELECT pg_backend_pid() AS pid'));
      const alive = () => database.query('SELECT FROM pg_stat_activity WHERE pid = $1', [row?.pid]);
      await expect.poll(alive).toEqual([]);
      return session.query(statement('SELECT 1 AS one'));
    });
    await expect(idle).rejects.toThrow(/idle-in-transaction/);
    await expect(idle).rejects.not.toMatchObject({ code: 'ATLAS_DATABASE_UNAVAILABLE' });
    expect(await store.transaction((session) => session.query(statement('SELECT 1 AS one')))).toEqual([{ one: 1 }]);
  });
});

describe('a server that is unavailable', () => {
  it('is named in the error, and the next call tries it again', async () => {
    const store = open('postgres://nobody@127.0.0.1:1/none');
    for (let turn = 0; turn < 2; turn++) {
      await expect(store.read((session) => session.query(statement('SELECT 1')))).rejects.toMatchObject({
        code: 'ATLAS_DATABASE_UNAVAILABLE',
      });
    }
  });
});

/** A proxy that forwards COMMIT, then closes the connection instead of sending the reply. Only the first time. */
async function dropCommitReply(databaseUrl: string): Promise<{ readonly url: string; close(): Promise<void> }> {
  const target = new URL(databaseUrl);
  const sockets: Socket[] = [];
  let cut = false;
  const server: Server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    sockets.push(near, far);
    let dropping = false;
    near.on('data', (chunk: Buffer) => {
      if (!cut && chunk.includes('COMMIT')) {
        cut = true;
        dropping = true;
      }
      far.write(chunk);
    });
    far.on('data', (chunk: Buffer) => (dropping ? near.destroy() : near.write(chunk)));
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('close', () => to.destroy());
      from.on('error', () => to.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  return {
    url: url.href,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
