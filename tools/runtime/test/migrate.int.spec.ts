import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pendingMigrations, runMigrations } from '../src/migrate/index.ts';
import { slonikStore, sqlStateOf } from '../src/adapters/slonik/index.ts';
import { testDatabase, type TestDatabase } from './testDatabase.ts';

let database: TestDatabase;
let folder: string;
let atlas: string;
let own: string;

beforeEach(async () => {
  database = await testDatabase({ migrated: false });
  folder = await mkdtemp(join(tmpdir(), 'atlas-migrate-'));
  [atlas, own] = await Promise.all([mkdtemp(join(folder, 'atlas-')), mkdtemp(join(folder, 'own-'))]);
  await writeFile(join(atlas, '0001_atlas.sql'), 'CREATE TABLE plumbing (id int);');
  await writeFile(join(own, '0001_shows.sql'), 'CREATE TABLE show (id int); INSERT INTO plumbing VALUES (1);');
  await writeFile(join(own, '0002_seats.sql'), 'ALTER TABLE show ADD COLUMN seats int;');
});
afterEach(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

const at = (path: string) => pathToFileURL(`${path}/`);
const contract = () => ({ service: 'bookings', migrations: at(atlas) });
const migrate = () => runMigrations({ contract: contract(), ownerUrl: database.url, migrations: at(own) });

describe('migrating', () => {
  it('applies the plumbing first, then the service in order, and nothing twice', async () => {
    expect(await migrate()).toEqual(['atlas/0001_atlas.sql', 'service/0001_shows.sql', 'service/0002_seats.sql']);
    expect(await migrate()).toEqual([]);
    expect(await database.query('SELECT * FROM plumbing')).toEqual([{ id: 1 }]);
  });

  it('applies only a new file, and ignores the line ends of a checkout', async () => {
    await migrate();
    await writeFile(join(own, '0002_seats.sql'), 'ALTER TABLE show ADD COLUMN seats int;');
    await writeFile(join(own, '0003_names.sql'), 'ALTER TABLE show\r\nADD COLUMN name text;');
    expect(await migrate()).toEqual(['service/0003_names.sql']);
    await writeFile(join(own, '0003_names.sql'), 'ALTER TABLE show\nADD COLUMN name text;');
    expect(await migrate()).toEqual([]);
  });

  it('ten times at once applies everything once', async () => {
    const all = await Promise.all(Array.from({ length: 10 }, migrate));
    expect(all.flat()).toHaveLength(3);
  });

  it('refuses a file that was changed', async () => {
    await migrate();
    await writeFile(join(own, '0001_shows.sql'), 'CREATE TABLE show (id bigint);');
    await expect(migrate()).rejects.toThrow('service/0001_shows.sql has changed since it was applied');
  });

  it('refuses a file with a number below an applied one, and a missing file', async () => {
    await migrate();
    await rm(join(own, '0001_shows.sql'));
    await expect(migrate()).rejects.toThrow(
      'service/0001_shows.sql was applied to this database but its file is missing',
    );
    await writeFile(join(own, '0001_other.sql'), 'SELECT 1;');
    await expect(migrate()).rejects.toThrow('service/0001_other.sql is numbered below 0002_seats.sql');
  });

  it('names file and line of what the server refuses, and keeps the earlier files but nothing of this one', async () => {
    await writeFile(join(own, '0002_seats.sql'), 'CREATE TABLE kept (id int);\n\nALTER TABLE nowhere ADD seats int;\n');
    await expect(migrate()).rejects.toThrow('service/0002_seats.sql: relation "nowhere" does not exist');
    await writeFile(join(own, '0002_seats.sql'), 'CREATE TABLE kept (id int);\n\nCREATE TABEL typo (id int);\n');
    await expect(migrate()).rejects.toThrow('service/0002_seats.sql:3: syntax error at or near "TABEL"');
    expect(await database.query('SELECT name FROM atlas_migration ORDER BY 1')).toEqual([
      { name: '0001_atlas.sql' },
      { name: '0001_shows.sql' },
    ]);
    expect(await database.query(`SELECT to_regclass('kept') AS kept`)).toEqual([{ kept: null }]);
  });

  it('refuses a name without a number, a number twice, a file with BEGIN, and a missing folder', async () => {
    await writeFile(join(own, 'seats.sql'), '');
    await expect(migrate()).rejects.toThrow('service migration seats.sql has no name like');
    await rm(join(own, 'seats.sql'));
    await writeFile(join(own, '0002_again.sql'), '');
    await expect(migrate()).rejects.toThrow('service migrations have two of number 0002');
    await rm(join(own, '0002_again.sql'));
    await writeFile(join(own, '0003_own.sql'), 'BEGIN;\nCREATE TABLE half (id int);\nCOMMIT;');
    await expect(migrate()).rejects.toThrow('service/0003_own.sql begins or ends a transaction');
    await rm(own, { recursive: true });
    await expect(migrate()).rejects.toThrow('cannot read the folder of service migrations');
  });

  it('says which server is unavailable', async () => {
    const away = runMigrations({
      contract: contract(),
      ownerUrl: 'postgres://x@127.0.0.1:1/none',
      migrations: at(own),
    });
    await expect(away).rejects.toThrow('cannot reach database none at 127.0.0.1:1: connect ECONNREFUSED');
  });
});

describe('the list of pending migrations', () => {
  it('has all files at first, none after migrating, then changed and new ones; a newer database is fine', async () => {
    const store = slonikStore(database.url);
    const pending = () => store.read((session) => pendingMigrations(session, contract(), at(own)));
    expect(await pending()).toEqual(['atlas/0001_atlas.sql', 'service/0001_shows.sql', 'service/0002_seats.sql']);
    await migrate();
    expect(await pending()).toEqual([]);
    await writeFile(join(own, '0001_shows.sql'), '-- other');
    await writeFile(join(own, '0003_names.sql'), 'SELECT 1;');
    await rm(join(own, '0002_seats.sql'));
    expect(await pending()).toEqual(['service/0001_shows.sql', 'service/0003_names.sql']);
    await store.close();
  });
});

describe('the role that runs the service', () => {
  it('reads and writes rows, but can not change or delete rows of append-only tables', async () => {
    const migrated = await testDatabase();
    const store = slonikStore(migrated.url);
    const run = (text: string) => store.read((session) => session.query({ name: text.slice(0, 60), text }));
    await run(`INSERT INTO atlas_inbox (event_id, consumer) VALUES ('e', 'c')`);
    await run('SELECT FROM atlas_dead');
    await run('SELECT FROM atlas_migration');
    for (const text of [
      `UPDATE atlas_dead SET reason = 'x'`,
      'DELETE FROM atlas_dead',
      `UPDATE atlas_inbox SET consumer = 'x'`,
      `UPDATE atlas_idempotency SET status = 200`,
      `UPDATE atlas_migration SET checksum = 'x'`,
      'DELETE FROM atlas_migration',
      'TRUNCATE atlas_outbox',
      'DROP TABLE atlas_outbox',
      'CREATE TABLE mine (id int)',
    ])
      await expect(
        run(text).catch((error: unknown) => Promise.reject(sqlStateOf(error))),
        text,
      ).rejects.toBe('42501');
    await store.close();
    await migrated.drop();
  });
});
