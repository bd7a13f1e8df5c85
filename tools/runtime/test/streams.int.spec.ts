import { once } from 'node:events';
import { connect } from 'node:net';
import { sql } from 'slonik';
import { afterAll, beforeAll, expect, describe, it } from 'vitest';
import { createApp } from '../src/adapters/fastify/app.ts';
import { promMetrics } from '../src/adapters/prom-client/promMetrics.ts';
import { systemClock } from '../src/adapters/clock/systemClock.ts';
import { readOf, rows, rowsOf, slonikStore, txOf } from '../src/adapters/slonik/index.ts';
import type { AnyHandler } from '../src/contract/service.ts';
import { recordingLog } from './boxOffice.ts';
import { testDatabase, type TestDatabase } from './testDatabase.ts';

const ROWS = 300_000;
let database: TestDatabase;
let store: ReturnType<typeof slonikStore>;
let app: Awaited<ReturnType<typeof createApp>>;
let url = '';

/** A report with a line of CSV per row of a large statement. */
const report: AnyHandler['handle'] = async (_input, read) => {
  async function* lines(): AsyncGenerator<string> {
    yield 'n,text\r\n';
    const query = sql.type(rows<{ n: number; text: string }>())`
      SELECT n, repeat('x', 100) AS text FROM generate_series(1, ${ROWS - 1}) n`;
    for await (const { n, text } of rowsOf(read, query)) yield `${n},${text}\r\n`;
  }
  return { status: 200, mediaType: 'text/csv', body: lines() };
};

/** The same for a statement that fails at its row 50,000. */
const failing: AnyHandler['handle'] = async (_input, read) => {
  async function* lines(): AsyncGenerator<string> {
    const query = sql.type(rows<{ n: number }>())`SELECT 10 / (50000 - n) AS n FROM generate_series(1, 60000) n`;
    for await (const { n } of rowsOf(read, query)) yield `${n}\r\n`;
  }
  return { status: 200, mediaType: 'text/csv', body: lines() };
};

const operation = (id: string) =>
  ({
    id,
    method: 'GET',
    url: `/${id}`,
    path: `/${id}`,
    security: [],
    params: [],
    responses: { 200: { kind: 'json', mediaType: 'application/json', texts: ['text/csv'] } },
  }) as const;

beforeAll(async () => {
  database = await testDatabase();
  store = slonikStore(database.url, { maxConnections: 2 });
  app = await createApp({
    operations: [operation('report'), operation('failing')],
    document: undefined,
    handlers: { report, failing },
    plumbing: { store, clock: systemClock, messages: [], txOf, readOf, wake: () => {} },
    authenticator: { authenticate: async () => ({ id: 'kim', roles: [] }) },
    log: recordingLog([]),
    metrics: promMetrics('reports'),
  });
  url = await app.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(async () => {
  await app.close();
  await store.close();
  await database.drop();
});

const csv = (path: string) => fetch(url + path, { headers: { accept: 'text/csv' } });

/** Statements of the service that run or wait in the database. */
async function running(): Promise<number> {
  const [row] = await database.query(
    `SELECT count(*)::int AS n FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'`,
  );
  return Number(row?.['n']);
}

describe('rows that are sent while they are read', () => {
  it('arrive completely', async () => {
    const answer = await csv('/report');
    let lines = 0;
    for await (const chunk of answer.body ?? []) for (const byte of chunk) lines += byte === 10 ? 1 : 0;
    expect(lines).toBe(ROWS);
    expect(await running()).toBe(0);
    expect(store.use()).toEqual({ busy: 0, waiting: 0 });
  });

  it('are no longer read if their client has left', async () => {
    for (let call = 0; call < 5; call++) {
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      socket.write('GET /report HTTP/1.1\r\nHost: a\r\nAccept: text/csv\r\n\r\n');
      await once(socket, 'readable');
      expect(store.use().busy).toBe(1);
      socket.destroy();
      await expect.poll(() => store.use().busy).toBe(0);
    }
    await expect.poll(running).toBe(0);
  });

  it('break off if the database does, and the next answer is complete', async () => {
    for (let call = 0; call < 3; call++)
      await expect(csv('/failing').then((answer) => answer.text())).rejects.toThrow();
    expect(await (await csv('/report')).text()).toMatch(new RegExp(`\r\n${ROWS - 1},x+\r\n$`));
    await expect.poll(() => store.use().busy).toBe(0);
  });
});
