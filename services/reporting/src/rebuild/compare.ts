import { sql, type CommonQueryMethods } from 'slonik';
import { rows } from '@atlas/runtime/slonik';
import type { Projection } from '../projections/projection.ts';
import type { Compared } from './runs.ts';

type Tables = Pick<Projection, 'name' | 'version' | 'tables'>;

/** The connections to the old tables and the new ones. Both must have consumed the same events. */
export interface Sides {
  readonly before: CommonQueryMethods;
  readonly now: CommonQueryMethods;
}

const EXAMPLES = 10;

/** The versions of the projections with which the old tables were made. */
export async function builtVersions(connection: CommonQueryMethods): Promise<ReadonlyMap<string, number>> {
  const found = await connection.any(
    sql.type(rows<{ name: string; version: number }>())`SELECT name, version FROM public.projection`,
  );
  return new Map(found.map(({ name, version }) => [name, version]));
}

/** Compares the tables of a projection: first their digests, then row by row if the digests differ. */
export async function compareProjection(
  sides: Sides,
  { name, version, tables }: Tables,
  built: ReadonlyMap<string, number>,
): Promise<Compared> {
  // tables of another version may differ
  const isNew = built.get(name) !== version;
  let count = 0;
  const found = { onlyBefore: 0, onlyNow: 0, changed: 0 };
  const examples: string[] = [];
  for (const table of tables) {
    const now = await digestOf(sides.now, 'rebuild', table);
    count += Number(now.count);
    if (isNew) continue;
    const before = await digestOf(sides.before, 'public', table);
    if (before.count === now.count && before.digest === now.digest) continue;
    for await (const { kind, key } of differences(sides, table)) {
      found[kind] += 1;
      if (examples.length < EXAMPLES) examples.push(`${table} ${key}: ${WORDS[kind]}`.slice(0, 500));
    }
  }
  if (isNew) return { name, rows: count, outcome: 'NEW' };
  const total = found.onlyBefore + found.onlyNow + found.changed;
  return total === 0
    ? { name, rows: count, outcome: 'SAME' }
    : { name, rows: count, outcome: 'DIFFERENT', ...found, examples };
}

const WORDS = { onlyBefore: 'only before', onlyNow: 'only now', changed: 'changed' } as const;

interface Digest {
  readonly count: bigint;
  readonly digest: string;
}

/** The sum of hashes of all rows, which does not depend on their sequence. */
async function digestOf(connection: CommonQueryMethods, schema: Schema, table: string): Promise<Digest> {
  return connection.one(
    sql.type(rows<Digest>())`SELECT count(*) AS count, coalesce(sum(hashtextextended(t::text, 0)), 0)::text AS digest
      FROM ${sql.identifier([schema, table])} AS t`,
  );
}

type Schema = 'public' | 'rebuild';

interface HashedRow {
  /** The primary key. */
  readonly key: readonly string[];
  readonly hash: bigint;
}

interface Difference {
  readonly kind: keyof typeof WORDS;
  readonly key: string;
}

/** Merges both tables, which are read in the sequence of their keys. */
async function* differences(sides: Sides, table: string): AsyncGenerator<Difference> {
  const columns = await keyOf(sides.now, table);
  const before = hashedRows(sides.before, 'public', table, columns);
  const now = hashedRows(sides.now, 'rebuild', table, columns);
  let [left, right] = [await before.next(), await now.next()];
  while (left.done !== true || right.done !== true) {
    const sequence = left.done === true ? 1 : right.done === true ? -1 : compareKeys(left.value.key, right.value.key);
    if (sequence < 0 && left.done !== true) {
      yield { kind: 'onlyBefore', key: left.value.key.join(' ') };
      left = await before.next();
    } else if (sequence > 0 && right.done !== true) {
      yield { kind: 'onlyNow', key: right.value.key.join(' ') };
      right = await now.next();
    } else if (left.done !== true && right.done !== true) {
      if (left.value.hash !== right.value.hash) yield { kind: 'changed', key: left.value.key.join(' ') };
      [left, right] = [await before.next(), await now.next()];
    }
  }
}

async function keyOf(connection: CommonQueryMethods, table: string): Promise<readonly string[]> {
  return connection.anyFirst(
    sql.type(rows<{ name: string }>())`SELECT a.attname AS name
      FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
      WHERE i.indisprimary AND i.indrelid = format('rebuild.%I', ${table}::text)::regclass
      ORDER BY array_position(i.indkey::smallint[], a.attnum)`,
  );
}

/** All rows in the sequence of the bytes of their keys. `connection` is in a transaction. */
async function* hashedRows(
  connection: CommonQueryMethods,
  schema: Schema,
  table: string,
  columns: readonly string[],
): AsyncGenerator<HashedRow, undefined> {
  const texts = columns.map((column) => sql.fragment`t.${sql.identifier([column])}::text`);
  const sorted = texts.map((text) => sql.fragment`${text} COLLATE "C"`);
  const cursor = sql.identifier([`rows of ${schema}`]);
  await connection.query(
    sql.unsafe`DECLARE ${cursor} NO SCROLL CURSOR FOR
      SELECT ARRAY[${sql.join(texts, sql.fragment`, `)}] AS key, hashtextextended(t::text, 0) AS hash
      FROM ${sql.identifier([schema, table])} AS t ORDER BY ${sql.join(sorted, sql.fragment`, `)}`,
  );
  for (;;) {
    const some = await connection.any(sql.type(rows<HashedRow>())`FETCH 5000 FROM ${cursor}`);
    yield* some;
    if (some.length === 0) break;
  }
  await connection.query(sql.unsafe`CLOSE ${cursor}`);
  return undefined;
}

function compareKeys(left: readonly string[], right: readonly string[]): number {
  for (const [index, text] of left.entries()) {
    const sequence = Buffer.compare(Buffer.from(text), Buffer.from(right[index] ?? ''));
    if (sequence !== 0) return sequence;
  }
  return 0;
}
