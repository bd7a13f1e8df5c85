import type { Database } from './database.ts';

/** What a schema has, by the ids of the server: they stay the same if something is renamed. */
export interface Catalog {
  readonly tables: ReadonlyMap<number, Table>;
  /** Labels of enum types. */
  readonly labels: ReadonlyMap<number, EnumLabel>;
  readonly domains: ReadonlyMap<number, Domain>;
}

export interface Table {
  readonly id: number;
  readonly name: string;
  /** The file of its rows; another one means that the table was written again. */
  readonly file: number;
  readonly columns: ReadonlyMap<number, Column>;
  readonly constraints: ReadonlyMap<number, Constraint>;
  readonly indexes: ReadonlyMap<number, Index>;
  readonly triggers: ReadonlyMap<number, Trigger>;
  /** Its policies as text; empty if row security is off. */
  readonly security: string;
}

export interface Column {
  readonly id: number;
  readonly name: string;
  /** As SQL writes it, such as `numeric(10,2)`. */
  readonly type: string;
  /** The type of a domain's values; else the same as `type`. */
  readonly base: string;
  readonly required: boolean;
  /** Whether a row that does not name it gets a value. */
  readonly hasDefault: boolean;
}

export interface Constraint {
  readonly id: number;
  readonly name: string;
  readonly kind: 'check' | 'unique' | 'primary' | 'foreign' | 'exclusion' | 'other';
  readonly columns: readonly number[];
  /** What a foreign key refers to: the id of the table, 0 for other kinds, and its columns. */
  readonly parent: number;
  readonly parentColumns: readonly number[];
  /** Whether it may be checked at the end of the transaction only. */
  readonly deferrable: boolean;
  readonly validated: boolean;
  /** As SQL writes it, such as `CHECK ((qty > 0))`. */
  readonly text: string;
}

export interface Index {
  readonly id: number;
  readonly name: string;
  readonly unique: boolean;
  /** Whether it is for all rows, and not only for those that match a condition. */
  readonly whole: boolean;
  /** Whether each statement is checked, and not only the end of the transaction. */
  readonly immediate: boolean;
  /** 0 for an expression. */
  readonly columns: readonly number[];
}

/** A trigger, or a rule that rewrites statements. */
export interface Trigger {
  readonly id: number;
  readonly name: string;
  /** Its definition, with the code of its function. */
  readonly text: string;
}

export interface Domain {
  readonly id: number;
  readonly name: string;
  readonly required: boolean;
  readonly constraints: ReadonlyMap<number, { readonly id: number; readonly name: string; readonly text: string }>;
}

export interface EnumLabel {
  readonly id: number;
  readonly type: string;
  readonly label: string;
}

const TABLES = `SELECT c.oid::int4 AS id, c.relname AS name, c.relfilenode::int4 AS file,
    CASE WHEN c.relrowsecurity THEN 'on' || coalesce((
      SELECT string_agg(concat_ws(' ', p.polname, p.polcmd, p.polpermissive, p.polroles,
        pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)), ';' ORDER BY p.polname)
      FROM pg_policy p WHERE p.polrelid = c.oid), '') ELSE '' END AS security
  FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')`;

const COLUMNS = `SELECT a.attrelid::int4 AS table, a.attnum AS id, a.attname AS name,
    format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS required,
    CASE t.typtype WHEN 'd' THEN format_type(t.typbasetype, t.typtypmod)
      ELSE format_type(a.atttypid, a.atttypmod) END AS base,
    a.atthasdef OR a.attidentity <> '' OR a.attgenerated <> '' AS default
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid
  WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
  ORDER BY a.attnum`;

const CONSTRAINTS = `SELECT k.conrelid::int4 AS table, k.oid::int4 AS id, k.conname AS name, k.contype::text AS kind,
    k.conkey AS columns, k.confrelid::int4 AS parent, k.confkey AS "parentColumns", k.condeferrable AS deferrable,
    k.convalidated AS validated, pg_get_constraintdef(k.oid) AS text
  FROM pg_constraint k WHERE k.connamespace = current_schema()::regnamespace AND k.conrelid <> 0`;

const INDEXES = `SELECT i.indrelid::int4 AS table, i.indexrelid::int4 AS id, c.relname AS name, i.indisunique AS unique,
    i.indpred IS NULL AS whole, i.indimmediate AS immediate, i.indkey::int2[] AS columns
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relnamespace = current_schema()::regnamespace`;

/** The server gives no two of them the same id, because it draws all ids of a database from one counter. */
const TRIGGERS = `SELECT t.tgrelid::int4 AS table, t.oid::int4 AS id, t.tgname AS name,
    pg_get_triggerdef(t.oid) || p.prosrc AS text
  FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class c ON c.oid = t.tgrelid
  WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace
  UNION ALL SELECT r.ev_class::int4, r.oid::int4, r.rulename, pg_get_ruledef(r.oid)
  FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
  WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')`;

const DOMAINS = `SELECT t.oid::int4 AS id, t.typname AS name, t.typnotnull AS required FROM pg_type t
  WHERE t.typtype = 'd' AND t.typnamespace = current_schema()::regnamespace`;

const DOMAIN_CONSTRAINTS = `SELECT k.contypid::int4 AS domain, k.oid::int4 AS id, k.conname AS name,
    pg_get_constraintdef(k.oid) AS text
  FROM pg_constraint k WHERE k.contypid <> 0 AND k.contype = 'c' AND k.connamespace = current_schema()::regnamespace`;

const LABELS = `SELECT e.oid::int4 AS id, t.typname AS type, e.enumlabel AS label
  FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid
  WHERE t.typnamespace = current_schema()::regnamespace ORDER BY e.enumsortorder`;

const KINDS: Readonly<Record<string, Constraint['kind']>> = {
  c: 'check',
  u: 'unique',
  p: 'primary',
  f: 'foreign',
  x: 'exclusion',
};

/** Reads what the schema has now. */
export async function readCatalog(db: Database): Promise<Catalog> {
  const read = async (sql: string): Promise<readonly Row[]> => (await db.rows(sql)).map((row) => new Row(row));
  const columns = Map.groupBy(await read(COLUMNS), (row) => row.number('table'));
  const constraints = Map.groupBy(await read(CONSTRAINTS), (row) => row.number('table'));
  const indexes = Map.groupBy(await read(INDEXES), (row) => row.number('table'));
  const triggers = Map.groupBy(await read(TRIGGERS), (row) => row.number('table'));
  const ofDomains = Map.groupBy(await read(DOMAIN_CONSTRAINTS), (row) => row.number('domain'));
  const tables = (await read(TABLES)).map((row): Table => {
    const id = row.number('id');
    return {
      id,
      name: row.text('name'),
      file: row.number('file'),
      columns: byId((columns.get(id) ?? []).map(columnOf)),
      constraints: byId((constraints.get(id) ?? []).map(constraintOf)),
      indexes: byId((indexes.get(id) ?? []).map(indexOf)),
      triggers: byId((triggers.get(id) ?? []).map(definitionOf)),
      security: row.text('security'),
    };
  });
  const labels = (await read(LABELS)).map((row) => ({
    id: row.number('id'),
    type: row.text('type'),
    label: row.text('label'),
  }));
  const domains = (await read(DOMAINS)).map((row): Domain => {
    const id = row.number('id');
    const constraints = byId((ofDomains.get(id) ?? []).map(definitionOf));
    return { id, name: row.text('name'), required: row.flag('required'), constraints };
  });
  return { tables: byId(tables), labels: byId(labels), domains: byId(domains) };
}

function definitionOf(row: Row): Trigger {
  return { id: row.number('id'), name: row.text('name'), text: row.text('text') };
}

function columnOf(row: Row): Column {
  const [required, hasDefault] = [row.flag('required'), row.flag('default')];
  const [type, base] = [row.text('type'), row.text('base')];
  return { id: row.number('id'), name: row.text('name'), type, base, required, hasDefault };
}

function constraintOf(row: Row): Constraint {
  return {
    id: row.number('id'),
    name: row.text('name'),
    kind: KINDS[row.text('kind')] ?? 'other',
    columns: row.numbers('columns'),
    parent: row.number('parent'),
    parentColumns: row.numbers('parentColumns'),
    deferrable: row.flag('deferrable'),
    validated: row.flag('validated'),
    text: row.text('text'),
  };
}

function indexOf(row: Row): Index {
  return {
    id: row.number('id'),
    name: row.text('name'),
    unique: row.flag('unique'),
    whole: row.flag('whole'),
    immediate: row.flag('immediate'),
    columns: row.numbers('columns'),
  };
}

function byId<T extends { readonly id: number }>(items: readonly T[]): ReadonlyMap<number, T> {
  return new Map(items.map((item) => [item.id, item]));
}

/** A row of the server's catalog. A member of another kind reads as empty. */
class Row {
  readonly #row: unknown;

  constructor(row: unknown) {
    this.#row = row;
  }

  #get(key: string): unknown {
    return typeof this.#row === 'object' && this.#row !== null ? Reflect.get(this.#row, key) : undefined;
  }

  number(key: string): number {
    return Number(this.#get(key));
  }

  text(key: string): string {
    return String(this.#get(key));
  }

  flag(key: string): boolean {
    return this.#get(key) === true;
  }

  numbers(key: string): readonly number[] {
    const value = this.#get(key);
    return Array.isArray(value) ? value.map(Number) : [];
  }
}
