import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { NotNullIntegrityConstraintViolationError, sql, type CommonQueryMethods } from 'slonik';
import { readOf, rows, slonikOf, slonikStore, txOf } from '../src/adapters/slonik/index.ts';
import { LastStatements, type SqlValue, type Statement, type Store } from '../src/ports/sql.ts';
import { countSyncs, dropCommitReply } from './wire.ts';
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

/** Ends a transaction with one statement. */
const ending = (last: Statement, values: readonly SqlValue[] = []): LastStatements<void> =>
  new LastStatements([{ statement: last, values }], () => undefined);

const INSERT_SHOW = { name: 'insert_show', text: 'INSERT INTO show VALUES (gen_random_uuid(), $1)' };
const shows = async (free: number): Promise<number> =>
  (await database.query('SELECT FROM show WHERE free = $1', [free])).length;

describe('a session', () => {
  it('gives and takes values unchanged in any time zone', async () => {
    const rows = await open().read((session) =>
      session.query(
        statement(`SELECT $1::int8 AS big, $2::timestamptz AS at, $3::bytea AS bytes, $4::text[] AS list, $5::jsonb AS json,
          $6::bytea[] AS many, '2026-03-01'::date AS day, NULL::text AS nothing,
          ARRAY[[1, NULL]]::int8[] AS bigs, ARRAY['2026-03-01']::date[] AS days`),
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
        bigs: [[1n, null]],
        days: ['2026-03-01'],
      },
    ]);
  });

  it('ends with its transaction', async () => {
    const kept = await open().transaction(async (session) => session);
    await expect(kept.query(statement('SELECT 1'))).rejects.toThrow('has ended');
  });

  it('can be unwrapped only if slonikStore made it', async () => {
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
    // the retried transaction may write its first row between the two rows of the other
    expect(tries).toBeGreaterThanOrEqual(3);
  });

  it.each([
    { how: 'on its own', free: 77, last: false },
    { how: 'with the last statement', free: 78, last: true },
  ])('whose reply to COMMIT $how is lost is not run again, and its outcome is unknown', async ({ free, last }) => {
    const proxy = await dropCommitReply(database.url);
    let tries = 0;
    const store = open(proxy.url);
    await expect(
      store.transaction<void>(async (session) => {
        tries += 1;
        if (last) return ending(INSERT_SHOW, [free]);
        await session.query(INSERT_SHOW, [free]);
      }),
    ).rejects.toMatchObject({ code: 'ATLAS_COMMIT_UNKNOWN' });
    expect(tries).toBe(1);
    expect(await shows(free)).toBe(1);
    await expect(store.read((session) => session.query(statement('SELECT 1 AS one')))).resolves.toEqual([{ one: 1 }]);
    await proxy.close();
  });

  it('that loses its connection before COMMIT has certainly failed, and the next one works', async () => {
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

describe('the round trips of a transaction', () => {
  it('are one for each statement: BEGIN goes with the first one, and COMMIT with the last ones', async () => {
    const wire = await countSyncs(database.url);
    const store = open(wire.url, 1);
    await store.read((session) => session.query(statement('SELECT 1 AS one')));
    wire.reset();
    const answer = await store.transaction<unknown>(async (session) => {
      await session.query(statement('SELECT 1 AS one'));
      const [two, three] = [statement('SELECT 2 AS two'), statement('SELECT 3 AS three')];
      return new LastStatements(
        [
          { statement: two, values: [] },
          { statement: three, values: [] },
        ],
        ([row]) => row,
      );
    });
    expect(answer).toEqual({ three: 3 });
    expect(wire.syncs()).toBe(2);
    await wire.close();
  });

  it('are none without a statement', async () => {
    const wire = await countSyncs(database.url);
    const store = open(wire.url, 1);
    await store.read((session) => session.query(statement('SELECT 1 AS one')));
    wire.reset();
    expect(await store.transaction(async () => 'nothing')).toBe('nothing');
    await expect(store.transaction(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(wire.syncs()).toBe(0);
    await wire.close();
  });
});

describe('the last statement of a transaction', () => {
  const FAILS = { name: 'fails', text: 'SELECT 1 / $1::integer' };

  it('prevents the commit if it fails, and the connection stays usable', async () => {
    const store = open(database.url, 1);
    const failing = store.transaction<void>(async (session) => {
      await session.query(INSERT_SHOW, [881]);
      return ending(FAILS, [0]);
    });
    await expect(failing).rejects.toThrow('division by zero');
    expect(await shows(881)).toBe(0);
    // this uses the same connection: both statements were prepared, COMMIT was not
    await store.transaction<void>(async (session) => {
      await session.query(INSERT_SHOW, [882]);
      return ending(FAILS, [1]);
    });
    expect(await shows(882)).toBe(1);
  });

  it('does not run if one before it fails, and nothing is committed', async () => {
    const failing = open().transaction<void>(
      async () =>
        new LastStatements(
          [
            { statement: INSERT_SHOW, values: [886] },
            { statement: FAILS, values: [0] },
            { statement: INSERT_SHOW, values: [886] },
          ],
          () => undefined,
        ),
    );
    await expect(failing).rejects.toThrow('division by zero');
    expect(await shows(886)).toBe(0);
  });

  it('does not end a transaction in which an earlier statement has failed', async () => {
    const caught = open().transaction<void>(async (session) => {
      await session.query(INSERT_SHOW, [883]);
      await session.query(FAILS, [0]).catch(() => undefined);
      return ending(INSERT_SHOW, [883]);
    });
    await expect(caught).rejects.toThrow('current transaction is aborted');
    const alone = open().transaction(async (session) => {
      await session.query(INSERT_SHOW, [883]);
      await session.query(FAILS, [0]).catch(() => undefined);
    });
    await expect(alone).rejects.toMatchObject({ code: 'ATLAS_TRANSACTION_ABORTED' });
    expect(await shows(883)).toBe(0);
  });

  it('that the client cannot send prevents the commit as well', async () => {
    const unsendable = { name: INSERT_SHOW.name, text: 'another text under the same name' };
    const store = open(database.url, 1);
    const failing = store.transaction<void>(async (session) => {
      await session.query(INSERT_SHOW, [884]);
      return ending(unsendable);
    });
    await expect(failing).rejects.toThrow('Prepared statements must be unique');
    expect(await shows(884)).toBe(0);
    await store.transaction((session) => session.query(INSERT_SHOW, [885]));
    expect(await shows(885)).toBe(1);
  });

  it('fails with ATLAS_CONFLICT if the plumbing has its row already', async () => {
    const insert = {
      name: 'enter',
      text: `INSERT INTO atlas_inbox (event_id, consumer, applied_at, source) VALUES ('e-1', 'c', now(), 's')`,
    };
    const store = open();
    const enter = () => store.transaction<void>(async () => ending(insert));
    await enter();
    await expect(enter()).rejects.toMatchObject({ code: 'ATLAS_CONFLICT' });
  });
});

describe("slonik's methods in a transaction", () => {
  it('see what the plumbing wrote, nest, and stream', async () => {
    const free = await open().transaction(async (session) => {
      await session.query(INSERT_SHOW, [891]);
      const db = slonikOf(txOf(session));
      const nested = db.transaction(async (inner) => {
        await inner.query(sql.unsafe`INSERT INTO show VALUES (gen_random_uuid(), 891)`);
        throw new Error('only the nested one is undone');
      });
      await expect(nested).rejects.toThrow('undone');
      const seen: unknown[] = [];
      await db.stream(sql.unsafe`SELECT free FROM show WHERE free = 891`, (stream) => {
        stream.on('data', ({ data }) => seen.push(data));
      });
      return seen;
    });
    expect(free).toEqual([{ free: 891 }]);
  });

  it.each(['query', 'any', 'maybeOne', 'one'] as const)(
    "give and throw the same with %s as outside of a transaction, where slonik's own methods run",
    async (method) => {
      const outcome = (db: CommonQueryMethods, most: number, divisor: number): Promise<unknown> =>
        db[method](sql.prepared(`rows ${most}`, rows<{ readonly n: bigint; readonly at: Date }>())`
          SELECT n, ${'text'}::text AS text, 1 / ${divisor}::integer AS one, ${sql.array([1n, 2n], 'int8')} AS list
          FROM generate_series(1, ${most}::int8) AS n`).then(
          (value) => ({ value }),
          (error: unknown) => (error instanceof Error ? [error.constructor, error.message] : error),
        );
      const store = open();
      for (const [most, divisor] of [
        [0, 1],
        [1, 1],
        [2, 1],
        [1, 0],
      ] as const) {
        let within: unknown;
        const transaction = store.transaction(async (session) => {
          within = await outcome(slonikOf(txOf(session)), most, divisor);
        });
        // a transaction whose statement has failed does not commit
        await transaction.catch(() => undefined);
        expect(within).toEqual(await store.read((session) => outcome(slonikOf(readOf(session)), most, divisor)));
      }
    },
  );

  it('may be called before the answer to another one, but not while a nested transaction is open', async () => {
    await open().transaction(async (session) => {
      const db = slonikOf(txOf(session));
      const numbers = [1, 2, 3].map((n) => db.one(sql.prepared('number', rows<object>())`SELECT ${n}::integer AS n`));
      expect(await Promise.all(numbers)).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
      await db.transaction(async () => {
        await expect(db.any(sql.unsafe`SELECT 1`)).rejects.toThrow('parent transaction');
      });
    });
  });

  it('may come first, and throw the errors of slonik', async () => {
    const first = open().transaction((session) =>
      slonikOf(txOf(session)).query(sql.unsafe`INSERT INTO show VALUES (NULL, 1)`),
    );
    await expect(first).rejects.toThrow(NotNullIntegrityConstraintViolationError);
    const streamed = open().transaction((session) =>
      slonikOf(txOf(session)).stream(sql.unsafe`SELECT nonsense`, (stream) => stream.resume()),
    );
    await expect(streamed).rejects.toThrow('nonsense');
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
