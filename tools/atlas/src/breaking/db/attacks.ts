import type { Catalog, Column, Table } from './catalog.ts';
import type { CodeStatement } from './codeStatements.ts';
import { identifier, type Database, type SqlFailure } from './database.ts';
import { insertsOf, type Insert } from './inserts.ts';
import { poolOf } from './pools.ts';

/** Rows that the old schema accepts, as the code of the release before writes them. */
export interface Attack {
  /** INSERTs of the rows that it refers to, which may be there already. */
  readonly parents: readonly string[];
  /** One INSERT, or two that are accepted together. */
  readonly rows: readonly string[];
  readonly table: string;
  /** The statement of the code. */
  readonly by: CodeStatement;
  /** The column whose value is unusual. */
  readonly varied?: string;
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
      const reached = table && migrations.some((text) => text.includes(table.name) || REACHES_ALL.test(text));
      if (!table || !reached) continue;
      const form = formOf(table, insert, catalog, migrations);
      for (const { rows, varied } of await rowsOf(db, form)) {
        const sql = rows.map((row) => sqlOf(form, row));
        const parents = await parentsOf(db, catalog, form, rows);
        if (await db.tried([...parents, ...sql], {})) continue;
        attacks.push({ parents, rows: sql, table: table.name, by, ...(varied === undefined ? {} : { varied }) });
      }
    }
  return attacks;
}

/** A statement about something that tables use without their names in it. */
const REACHES_ALL = /\b(?:TYPE|DOMAIN|FUNCTION|PROCEDURE)\b/i;

/** How many rows may refer to one another: a row, its parent, the parent of that, and so on. */
const MOST_PARENTS = 6;

/** INSERTs of the rows that these rows refer to, parents first. Some may be missing: then the rows are refused. */
async function parentsOf(
  db: Database,
  catalog: Catalog,
  form: Form,
  rows: readonly Row[],
  depth = 0,
): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const row of rows)
    for (const { kind, parent: id, columns, parentColumns } of form.table.constraints.values()) {
      const parent = catalog.tables.get(id);
      if (kind !== 'foreign' || !parent || parent.id === form.table.id || depth === MOST_PARENTS) continue;
      const values = new Map(parentColumns.map((key, index) => [key, valueOf(form, row, columns[index])]));
      if ([...values.values()].some((value) => value === undefined || value === 'NULL')) continue;
      const ofParent = parentForm(parent, values, catalog);
      const base = await firstRow(db, ofParent);
      if (!base) continue;
      for (const sql of await parentsOf(db, catalog, ofParent, [base], depth + 1)) found.add(sql);
      found.add(sqlOf(ofParent, base));
    }
  return [...found];
}

/** What a row has in a column. Undefined if the row does not name it. */
function valueOf({ columns }: Form, row: Row, id: number | undefined): string | undefined {
  const at = columns.findIndex((column) => column.id === id);
  return columns[at]?.pool[row[at] ?? 0];
}

/** A row of a table with these values, and no other columns than it needs. */
function parentForm(table: Table, values: ReadonlyMap<number, string | undefined>, catalog: Catalog): Form {
  const needed = [...table.columns.values()].filter(
    ({ id, required, hasDefault }) => values.has(id) || (required && !hasDefault),
  );
  const columns = needed.map((column) => {
    const value = values.get(column.id);
    return {
      name: column.name,
      id: column.id,
      pool: value === undefined ? poolOf(column, table, catalog, []) : [value],
    };
  });
  return { table, columns };
}

function formOf(table: Table, insert: Insert, catalog: Catalog, migrations: readonly string[]): Form {
  const byName = new Map([...table.columns.values()].map((column) => [column.name, column]));
  const columns = insert.columns.map((name, index) => {
    const column: Column | undefined = byName.get(name);
    const fixed = insert.fixed[index];
    const pool = column ? poolOf(column, table, catalog, migrations) : [];
    return { name, id: column?.id ?? 0, pool: fixed === undefined ? pool : [fixed] };
  });
  return { table, columns };
}

interface Rows {
  readonly rows: readonly Row[];
  readonly varied?: string;
}

async function rowsOf(db: Database, form: Form): Promise<readonly Rows[]> {
  const base = await firstRow(db, form);
  if (!base) return [];
  const found: Rows[] = [{ rows: [base] }];
  const accepted: Variant[] = [];
  const tries = { left: MOST_TRIES };
  for (const { row, varied } of variants(form, base)) {
    const fitted = await fit(db, form, row, varied, tries);
    if (!fitted) continue;
    accepted.push({ row: fitted, varied });
    found.push({ rows: [fitted], varied });
  }
  const pairs = new Map<string, Rows>();
  for (const { id } of form.columns) {
    const rows = [base, withOtherKeys(form, base, accepted, id)];
    pairs.set(rows.map((row) => sqlOf(form, row)).join(';\n'), { rows });
  }
  for (const [sql, pair] of pairs) if (!(await db.tried([sql], { orphans: true }))) found.push(pair);
  return found;
}

/**
 * The row with another value in one column of each key that must already be unique. `same` is the id of a column that
 * stays as it is, unless it is the only one of its key.
 */
function withOtherKeys({ table, columns }: Form, base: Row, accepted: readonly Variant[], same: number): Row {
  const row = [...base];
  for (const { unique, columns: keys } of table.indexes.values()) {
    const ofKey = columns.filter(({ id }) => unique && keys.includes(id));
    const names = ofKey.filter(({ id }) => ofKey.length === 1 || id !== same).map(({ name }) => name);
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
