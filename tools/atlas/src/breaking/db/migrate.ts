import { attacksOf, type Attack } from './attacks.ts';
import { readCatalog, type Catalog } from './catalog.ts';
import type { CodeStatement } from './codeStatements.ts';
import { mentions, type Broken, type Step, type TableContext } from './context.ts';
import { openDatabase, type Database, type SqlFailure } from './database.ts';
import { placeIn, type MigrationFile } from './migrations.ts';
import { splitSql } from './splitSql.ts';

/** What the new migrations do to the database of the release before. */
export interface Migrated extends Pick<TableContext, 'old' | 'steps' | 'statements' | 'unread'> {
  /** A migration of the release before that the database refuses. If there is one, there are no steps. */
  readonly failed?: { readonly file: MigrationFile; readonly failure: SqlFailure };
}

/** Something of the old code that works, and that is tried again after each step. */
interface Probe {
  readonly by: CodeStatement;
  readonly sql: readonly string[];
  readonly table?: string;
  readonly varied?: string;
  run(db: Database): Promise<SqlFailure | undefined>;
}

/**
 * Applies the migrations of the release before, then the new ones, statement by statement, each file in a transaction
 * as the runner of migrations does it. After each statement everything that the old code does is tried again.
 */
export async function migrate(
  service: string,
  released: readonly MigrationFile[],
  pending: readonly MigrationFile[],
  code: readonly CodeStatement[],
): Promise<Migrated> {
  const role = `${service}_app`;
  await using db = await openDatabase(role);
  for (const file of released) {
    await db.begin();
    const failure = await db.attempt(file.text);
    await db.end(failure ? 'ROLLBACK' : 'COMMIT');
    if (failure) return { old: await readCatalog(db), steps: [], statements: [], unread: 0, failed: { file, failure } };
  }
  const old = await readCatalog(db);
  const { probes, unread } = await probesOf(db, old, code, role);
  const statements = probes.map(({ by }) => by);
  const attacks = await attacksOf(
    db,
    old,
    statements,
    pending.map(({ text }) => text),
  );
  const steps = await stepsOf(db, pending, old, [...probes, ...attacks.map(probeOf)]);
  return { old, steps, statements, unread };
}

/** The statements that the old schema plans: as the role that runs the service, or as the owner if it has no rights. */
async function probesOf(
  db: Database,
  { tables }: Catalog,
  code: readonly CodeStatement[],
  role: string,
): Promise<{ readonly probes: readonly Probe[]; readonly unread: number }> {
  const probes: Probe[] = [];
  let unread = 0;
  for (const by of code) {
    // A driver does not prepare several statements in one text.
    if (splitSql(by.sql).length !== 1) continue;
    const explain = [`EXPLAIN (GENERIC_PLAN) ${by.sql}`];
    const asRole = await db.tried(explain, { role });
    const how = asRole?.code === '42501' ? {} : { role };
    const failure = how.role === undefined ? await db.tried(explain, how) : asRole;
    if (!failure) probes.push({ by, sql: [by.sql], run: (database) => database.tried(explain, how) });
    else if ([...tables.values()].some(({ name }) => mentions(by.sql, name))) unread += 1;
  }
  return { probes, unread };
}

function probeOf({ orphans, ...attack }: Attack): Probe {
  return { ...attack, run: (db) => db.tried(attack.sql, orphans ? { orphans: true } : {}) };
}

async function stepsOf(
  db: Database,
  pending: readonly MigrationFile[],
  old: Catalog,
  probes: readonly Probe[],
): Promise<readonly Step[]> {
  const steps: Step[] = [];
  let catalog = old;
  let alive = probes;
  for (const file of pending) {
    await db.begin();
    let held: readonly string[] = [];
    for (const { text, offset } of splitSql(file.text)) {
      const place = (pointer: string) => placeIn(file, offset, pointer);
      const before = catalog;
      const refused = await db.attempt(text);
      if (refused) {
        await db.end('ROLLBACK');
        return [...steps, { place, text, before, after: before, refused, broken: [], locks: new Map() }];
      }
      const locks = await locksOf(db);
      catalog = await readCatalog(db);
      const broken: Broken[] = [];
      const left: Probe[] = [];
      for (const probe of alive) {
        const failure = await probe.run(db);
        if (failure) broken.push({ ...probe, failure });
        else left.push(probe);
      }
      alive = left;
      const taken = locks.filter((lock) => !held.includes(`${lock.table} ${lock.mode}`));
      held = [...held, ...taken.map((lock) => `${lock.table} ${lock.mode}`)];
      const byTable = Map.groupBy(taken, ({ table }) => table);
      const modes = new Map([...byTable].map(([id, list]) => [id, list.map(({ mode }) => mode)]));
      steps.push({ place, text, before, after: catalog, broken, locks: modes });
    }
    const failure = await db.end('COMMIT');
    const last = steps.at(-1);
    if (failure && last)
      return [...steps, { ...last, before: last.after, broken: [], locks: new Map(), refused: failure }];
  }
  return steps;
}

async function locksOf(db: Database): Promise<readonly { readonly table: number; readonly mode: string }[]> {
  const rows = await db.rows(
    `SELECT relation::int4 AS table, mode FROM pg_locks WHERE locktype = 'relation' AND pid = pg_backend_pid()`,
  );
  return rows.flatMap((row) =>
    typeof row === 'object' && row !== null && 'table' in row && 'mode' in row
      ? [{ table: Number(row.table), mode: String(row.mode) }]
      : [],
  );
}
