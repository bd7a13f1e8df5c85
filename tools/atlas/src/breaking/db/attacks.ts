import type { Catalog, Column, Table } from './catalog.ts';
import type { CodeStatement } from './codeStatements.ts';
import { identifier, type Database, type SqlFailure } from './database.ts';
import { insertsOf, type Insert } from './inserts.ts';
import { poolOf } from './pools.ts';

/** Rows that the old schema accepts, as the code of the release before writes them. */
export interface Attack {
  /** One INSERT, or two that are accepted together. */
  readonly sql: readonly string[];
  readonly table: string;
  /** The statement of the code. */
  readonly by: CodeStatement;
  /** The column whose value is unusual. */
  readonly varied?: string;
  /** Whether the rows refer to others that do not exist, so that references must not be checked. */
  readonly orphans: boolean;
}

/** Tries for the first row of an INSERT, and as many again for all its other rows. */
const MOST_TRIES = 400;

/** What an INSERT writes: each column with the values to try. */
interface Form {
  readonly table: Table;
  readonly columns: readonly { readonly name: string; readonly id: number; readonly pool: readonly string[] }[];
}

/** A row: for each column of the form, the index of its value. */
type Row = readonly number[];

/** A row with an unusual value in one column. */
interface Variant {
  readonly row: Row;
  readonly varied: string;
}

/** Rows that the old schema accepts, for each INSERT of the code into a table that the migrations name. */
export async function attacksOf(
  db: Database,
  catalog: Catalog,
  statements: readonly CodeStatement[],
  migrations: readonly string[],
): Promise<readonly Attack[]> {
  const tables = new Map([...catalog.tables.values()].map((table) => [table.name, table]));
  const attacks: Attack[] = [];
  for (const by of statements)
    for (const insert of insertsOf(by.sql)) {
      const table = tables.get(insert.table);
      const reached = table && migrations.some((text) => text.includes(table.name) || text.includes(' TYPE '));
      if (!table || !reached) continue;
      const rows = await rowsOf(db, formOf(table, insert, catalog, migrations));
      for (const row of rows)
        attacks.push({ ...row, table: table.name, by, orphans: (await db.tried(row.sql, {})) !== undefined });
    }
  return attacks;
}

function formOf(table: Table, insert: Insert, catalog: Catalog, migrations: readonly string[]): Form {
  const byName = new Map([...table.columns.values()].map((column) => [column.name, column]));
  const columns = insert.columns.map((name, index) => {
    const column: Column | undefined = byName.get(name);
    const fixed = insert.fixed[index];
    const pool = column ? poolOf(column, table, catalog.labels.values(), migrations) : [];
    return { name, id: column?.id ?? 0, pool: fixed === undefined ? pool : [fixed] };
  });
  return { table, columns };
}

async function rowsOf(db: Database, form: Form): Promise<readonly Pick<Attack, 'sql' | 'varied'>[]> {
  const base = await firstRow(db, form);
  if (!base) return [];
  const found: Pick<Attack, 'sql' | 'varied'>[] = [{ sql: [sqlOf(form, base)] }];
  const accepted: Variant[] = [];
  const tries = { left: MOST_TRIES };
  for (const { row, varied } of variants(form, base)) {
    const fitted = await fit(db, form, row, varied, tries);
    if (!fitted) continue;
    accepted.push({ row: fitted, varied });
    found.push({ sql: [sqlOf(form, fitted)], varied });
  }
  const pair = [sqlOf(form, base), sqlOf(form, withOtherKeys(form, base, accepted))];
  if (!(await db.tried(pair, { orphans: true }))) found.push({ sql: pair });
  return found;
}

/** The row with another value in one column of each key that must already be unique. */
function withOtherKeys({ table, columns }: Form, base: Row, accepted: readonly Variant[]): Row {
  const row = [...base];
  for (const { unique, columns: keys } of table.indexes.values()) {
    const names = columns.filter(({ id }) => unique && keys.includes(id)).map(({ name }) => name);
    const variant = accepted.find(({ varied }) => names.includes(varied));
    const index = columns.findIndex(({ name }) => name === variant?.varied);
    const value = variant?.row[index];
    if (value !== undefined) row[index] = value;
  }
  return row;
}

/** A row that the old schema accepts. Each refusal says which columns to change. */
async function firstRow(db: Database, form: Form): Promise<Row | undefined> {
  const first = form.columns.map(() => 0);
  return fit(db, form, first, undefined, { left: MOST_TRIES });
}

/**
 * The row, with other columns changed until the old schema accepts it, because a sum, for example, must fit its parts.
 */
async function fit(
  db: Database,
  form: Form,
  start: Row,
  varied: string | undefined,
  tries: { left: number },
): Promise<Row | undefined> {
  let row: Row | undefined = start;
  while (row && tries.left > 0) {
    tries.left -= 1;
    const failure: SqlFailure | undefined = await db.tried([sqlOf(form, row)], { orphans: true });
    if (!failure) return row;
    const others = blamed(form, failure).filter((index) => form.columns[index]?.name !== varied);
    row = advanced(form, row, others);
  }
  return undefined;
}

/** Indexes of the columns that a refusal is about. */
function blamed({ table, columns }: Form, { constraint, column }: SqlFailure): readonly number[] {
  const ids = [...table.constraints.values()].find(({ name }) => name === constraint)?.columns ?? [];
  return columns.flatMap(({ id, name }, index) => (ids.includes(id) || name === column ? [index] : []));
}

/** The next combination of the values of some columns; undefined after the last. */
function advanced({ columns }: Form, row: Row, blame: readonly number[]): Row | undefined {
  const next = [...row];
  for (const index of blame) {
    const at = (next[index] ?? 0) + 1;
    next[index] = at < (columns[index]?.pool.length ?? 0) ? at : 0;
    if (next[index] !== 0) return next;
  }
  return undefined;
}

/** The row with one column changed at a time. */
function variants({ columns }: Form, row: Row): readonly Variant[] {
  return columns.flatMap(({ pool, name }, index) =>
    pool.flatMap((_, at) =>
      at === row[index] ? [] : [{ row: row.map((old, other) => (other === index ? at : old)), varied: name }],
    ),
  );
}

function sqlOf({ table, columns }: Form, row: Row): string {
  const names = columns.map(({ name }) => identifier(name)).join(', ');
  const values = columns.map(({ pool }, index) => pool[row[index] ?? 0] ?? 'NULL').join(', ');
  return `INSERT INTO ${identifier(table.name)} (${names}) VALUES (${values})`;
}
