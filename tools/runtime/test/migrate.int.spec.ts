import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { migrations as toolkit, type Migration } from '@atlas/templates/outbox';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pendingMigrations, runMigrations } from '../src/migrate/index.ts';
import { slonikStore, sqlStateOf } from '../src/adapters/slonik/index.ts';
import { outboxFolder } from './bookings/outboxFolder.ts';
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

  it('names the file and line that the server refuses, and keeps the earlier files but nothing of this one', async () => {
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
    await expect(migrate()).rejects.toThrow('the name of service migration seats.sql is not like');
    await rm(join(own, 'seats.sql'));
    await writeFile(join(own, '0002_again.sql'), '');
    await expect(migrate()).rejects.toThrow('two service migrations have the number 0002');
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
  it('has all files at first, none after migrating, then changed and new ones; it accepts a newer database', async () => {
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

describe('a database that an older toolkit made', () => {
  const first = toolkit.slice(0, 1);
  const second: Migration = {
    name: 'seat_notes',
    sql: (app) => `ALTER TABLE atlas_outbox ADD COLUMN priority integer NOT NULL DEFAULT 7;
CREATE INDEX atlas_outbox_priority ON atlas_outbox (priority);
CREATE TABLE atlas_note (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, text text NOT NULL);
DO $rights$
BEGIN
  EXECUTE format('REVOKE UPDATE, DELETE ON atlas_note FROM %I', ${app}::text);
END
$rights$;
`,
  };
  const upgrade = (list: readonly Migration[]) =>
    runMigrations({
      contract: { service: 'bookings', migrations: outboxFolder(list) },
      ownerUrl: database.url,
      migrations: at(own),
    });

  beforeEach(async () => {
    await writeFile(join(own, '0001_shows.sql'), 'CREATE TABLE show (id int);');
    await upgrade(first);
    await database.query(`INSERT INTO atlas_outbox (topic, ce_id, ce_type, correlation_id, occurred_at)
      VALUES ('t', '0190f3c1-7a00-7000-8000-000000000001', 'SeatSold', 'c', now())`);
  });

  it('gets the next migration of the plumbing, after those of the service, and keeps its rows', async () => {
    expect(await upgrade([...first, second])).toEqual(['atlas/0002_seat_notes.sql']);
    expect(await upgrade([...first, second])).toEqual([]);
    expect(await database.query('SELECT ce_type, priority FROM atlas_outbox')).toEqual([
      { ce_type: 'SeatSold', priority: 7 },
    ]);
  });

  it('gives the role of the service rights on new tables, except those that the migration takes away', async () => {
    await upgrade([...first, second]);
    const rights = `SELECT privilege_type FROM information_schema.role_table_grants
      WHERE grantee = 'bookings_app' AND table_name = 'atlas_note' ORDER BY 1`;
    expect(await database.query(rights)).toEqual([{ privilege_type: 'INSERT' }, { privilege_type: 'SELECT' }]);
  });

  it('refuses a toolkit that has changed an applied migration, and one that is older than the database', async () => {
    const changed: Migration = {
      name: 'atlas',
      sql: (app) => `${first.map(({ sql }) => sql(app)).join('')}-- changed\n`,
    };
    await expect(upgrade([changed])).rejects.toThrow('atlas/0001_atlas.sql has changed since it was applied');
    await upgrade([...first, second]);
    await expect(upgrade(first)).rejects.toThrow('atlas/0002_seat_notes.sql was applied to this database');
  });
});

describe('the role that runs the service', () => {
  it('reads and writes rows, but cannot change or delete rows of append-only tables', async () => {
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
