import { sql } from 'slonik';
import type { Tx } from '@atlas/runtime';
import { rows, slonikOf } from '@atlas/runtime/slonik';

/** A type of Postgres. In a row, a `jsonb` is a text, and it is only written. */
type ColumnType = 'uuid' | 'text' | 'text[]' | 'int4' | 'int8' | 'bool' | 'date' | 'timestamptz' | 'jsonb';

/**
 * What happens to a row whose key exists already. It is replaced or kept, or the new value is added to each other
 * column, or each other column becomes the greater of both values.
 */
type Merge = 'replace' | 'keep' | 'add' | 'greatest';

export interface Table<Row extends object> {
  readonly name: string;
  /** A text that is equal for rows with equal values in these columns. The texts sort like the rows. */
  keyOf<By extends keyof Row & string>(by: readonly By[], row: Pick<Row, By>): string;
  /**
   * Locks and returns the rows that have one of these values in the columns `by`, in the sequence of their keys.
   * `wanted` has no duplicates.
   */
  load<By extends keyof Row & string>(
    tx: Tx,
    by: readonly By[],
    wanted: readonly Pick<Row, By>[],
  ): Promise<readonly Row[]>;
  /** Writes rows, at most one per key. */
  write(tx: Tx, written: readonly Row[], merge?: Merge): Promise<void>;
  /** Deletes the rows with the keys of these. */
  remove(tx: Tx, gone: readonly Row[]): Promise<void>;
}

/**
 * A table that is read and written in sets: one statement for all rows, which are sorted by their keys, so that two
 * transactions never deadlock. `key` has the columns of its primary key in their sequence; `types` has all columns.
 * Instants are `Date`s, so they have milliseconds.
 */
export function tableOf<Row extends object>(
  name: string,
  key: readonly (keyof Row & string)[],
  types: { readonly [Column in keyof Row & string]: ColumnType },
): Table<Row> {
  type Columns = readonly (keyof Row & string)[];
  // cast: `types` has exactly the columns of a row
  const columns = Object.keys(types) as (keyof Row & string)[];
  const others = columns.filter((column) => !key.includes(column));

  const query = <Result>(statement: string, text: string, by: Columns, some: readonly Partial<Row>[]) => ({
    ...sql.type(rows<Result>())`SELECT`,
    name: `reporting.${statement}_${name}`,
    sql: text,
    values: by.map((column) => some.map((row) => bound(row[column]))),
  });

  // Reads row by row with the index of the key. A join would be planned while the table is empty, as a scan of the
  // whole table, and that plan would stay while the table grows.
  const select = (by: Columns, taken: string) => `
    SELECT found.* FROM ${unnested('wanted', by)} CROSS JOIN LATERAL (
      SELECT ${taken} FROM ${name} WHERE ${by.map((column) => `${name}.${column} = wanted.${column}`).join(' AND ')}
      ORDER BY ${key.join(', ')} FOR UPDATE
    ) AS found`;
  // an array of arrays would be unnested to single elements, so such a column comes as a text
  const unnested = (alias: string, by: Columns) =>
    `unnest(${by.map((column, index) => `$${index + 1}::${types[column] === 'text[]' ? 'text' : types[column]}[]`).join(', ')})
      AS ${alias} (${by.join(', ')})`;
  const insert = `
    INSERT INTO ${name} (${columns.join(', ')})
    SELECT ${columns.map((column) => (types[column] === 'text[]' ? `${column}::text[]` : column)).join(', ')}
    FROM ${unnested('written', columns)} ON CONFLICT (${key.join(', ')})`;
  const assigned = (value: (column: string) => string) =>
    `DO UPDATE SET ${others.map((column) => `${column} = ${value(column)}`).join(', ')}`;
  const merging: Readonly<Record<Merge, string>> = {
    keep: 'DO NOTHING',
    replace: assigned((column) => `excluded.${column}`),
    add: assigned((column) => `${name}.${column} + excluded.${column}`),
    greatest: assigned((column) => `greatest(${name}.${column}, excluded.${column})`),
  };
  const deletion = `DELETE FROM ${name} WHERE ctid = ANY (ARRAY(${select(key, 'ctid')}))`;

  // the server writes the digits of a UUID in lower case, so a UUID sorts like its text
  const keyOf = (by: Columns, row: Partial<Row>) =>
    by.map((column) => (types[column] === 'uuid' ? String(row[column]).toLowerCase() : row[column])).join('\0');
  const sorted = (by: Columns, some: readonly Partial<Row>[]) =>
    some
      .map((row) => ({ row, key: keyOf(by, row) }))
      .sort((one, other) => (one.key < other.key ? -1 : 1))
      .map(({ row }) => row);

  return {
    name,
    // cast: each column of `by` is one of the row
    keyOf: (by, row) => keyOf(by, row as Partial<Row>),
    load: async (tx, by, wanted) => {
      if (wanted.length === 0) return [];
      // cast: each column of `by` is one of the row
      const some = sorted(by, wanted as readonly Partial<Row>[]);
      return slonikOf(tx).any(query<Row>(`lock_${by.join('_')}`, select(by, columns.join(', ')), by, some));
    },
    write: async (tx, written, merge = 'replace') => {
      if (written.length === 0) return;
      const text = `${insert} ${merging[merge]}`;
      await slonikOf(tx).query(query<never>(merge, text, columns, sorted(key, written)));
    },
    remove: async (tx, gone) => {
      if (gone.length === 0) return;
      await slonikOf(tx).query(query<never>('remove', deletion, key, sorted(key, gone)));
    },
  };
}

function bound(value: unknown): string | number | bigint | boolean | null {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return `{${value.map((item) => JSON.stringify(item)).join(',')}}`;
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'bigint':
    case 'boolean':
      return value;
    default:
      return null;
  }
}
