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
interface Probe extends Omit<Broken, 'failure'> {
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

/** Rows fail if they are refused themselves. That their parents are refused is found by whoever writes parents. */
function probeOf({ parents, rows, ...attack }: Attack): Probe {
  const sql = [...parents, ...rows];
  const run = async (db: Database): Promise<SqlFailure | undefined> => {
    const failure = await db.tried(sql, {});
    const isOwn = failure === undefined || parents.length === 0 || (await db.tried(parents, {})) === undefined;
    return isOwn ? failure : db.tried(rows, { orphans: true });
  };
  return { ...attack, sql, run };
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
    const ofFile: Step[] = [];
    /** What a statement of the file broke. */
    const broken = new Map<Probe, Broken>();
    let held: readonly string[] = [];
    for (const { text, offset } of splitSql(file.text)) {
      const place = (pointer: string) => placeIn(file, offset, pointer);
      const before = catalog;
      const refused = await db.attempt(text);
      if (refused) {
        await db.end('ROLLBACK');
        return [...steps, ...ofFile, { place, text, before, after: before, refused, broken: [], locks: new Map() }];
      }
      const locks = await locksOf(db);
      catalog = await readCatalog(db);
      const now: Broken[] = [];
      for (const probe of alive) {
        const failure = broken.has(probe) ? undefined : await probe.run(db);
        if (!failure) continue;
        const one = { ...probe, failure };
        broken.set(probe, one);
        now.push(one);
      }
      const taken = locks.filter((lock) => !held.includes(`${lock.table} ${lock.mode}`));
      held = [...held, ...taken.map((lock) => `${lock.table} ${lock.mode}`)];
      const byTable = Map.groupBy(taken, ({ table }) => table);
      const modes = new Map([...byTable].map(([id, list]) => [id, list.map(({ mode }) => mode)]));
      ofFile.push({ place, text, before, after: catalog, broken: now, locks: modes });
    }
    // The old code sees the file only as a whole, so what its last statements put right was never broken.
    for (const probe of broken.keys()) if (!(await probe.run(db))) broken.delete(probe);
    alive = alive.filter((probe) => !broken.has(probe));
    const still = new Set(broken.values());
    const failure = await db.end('COMMIT');
    steps.push(...ofFile.map((step) => ({ ...step, broken: step.broken.filter((one) => still.has(one)) })));
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
