import { childPointer, type Loc } from '@atlas/ir';
import type { BreakingRule, RuleFinding } from '../rule.ts';
import type { Catalog, Column, Table } from './catalog.ts';
import type { CodeStatement } from './codeStatements.ts';
import { identifier, type SqlFailure } from './database.ts';
import type { MigrationFile } from './migrations.ts';

/** The database of one service: as the release before leaves it, and what the new migrations do to it. */
export interface TableContext {
  readonly service: string;
  readonly old: Catalog;
  /** The statements of the new migrations, in their order. */
  readonly steps: readonly Step[];
  /** Files that are not as the release before had them. */
  readonly changed: readonly ChangedFile[];
  /** Statements of the release before that its schema accepts. */
  readonly statements: readonly CodeStatement[];
  /** How many other statements name a table and could not be tried. */
  readonly unread: number;
}

/** One statement of a new migration. */
export interface Step {
  /** Its place with the given pointer. */
  place(pointer: string): Loc;
  readonly text: string;
  readonly before: Catalog;
  readonly after: Catalog;
  /** Why the database refuses it. Then the whole file is refused. */
  readonly refused?: SqlFailure;
  /** The parts of the old code that work before it and fail after it. */
  readonly broken: readonly Broken[];
  /** Locks that it takes on tables of the release before, by the table's id. */
  readonly locks: ReadonlyMap<number, readonly string[]>;
}

/** Something that fails after a step. */
export interface Broken {
  readonly by: CodeStatement;
  /** The statement itself, or rows as it writes them. */
  readonly sql: readonly string[];
  /** The table of the rows. */
  readonly table?: string;
  /** The column whose value is unusual. */
  readonly varied?: string;
  readonly failure: SqlFailure;
}

/** A file that differs from that of the release before, or a new one that comes too late. */
export type ChangedFile =
  | { readonly kind: 'edited'; readonly old: MigrationFile; readonly new: MigrationFile }
  | { readonly kind: 'removed'; readonly old: MigrationFile }
  | { readonly kind: 'late'; readonly old: MigrationFile; readonly new: MigrationFile };

export type TableRule = BreakingRule<TableContext>;

/** What a rule says about a step; the rest is the same for all rules. */
interface Said {
  readonly change: string;
  readonly message: string;
  /** Names from the table down, such as `booking`, `note`. They make the pointer of the finding. */
  readonly names: readonly string[];
  /** What breaks, if that is not the last name. */
  readonly reaches?: string;
  readonly safePath: readonly string[];
}

/** A finding about a step: an error if it breaks something of the old code, else what `unbroken` says. */
export function stepFinding(
  { service }: TableContext,
  step: Step,
  { change, message, names, safePath, reaches = names.join('.') }: Said,
  broken: readonly Broken[],
  unbroken: Pick<RuleFinding, 'severity' | 'unproven'>,
): RuleFinding {
  const pointer = names.reduce(childPointer, '');
  const about = { change, message, protocol: 'db', reaches: [`${service}: ${reaches}`], safePath } as const;
  const [first] = broken.toSorted((a, b) => a.sql.join('').length - b.sql.join('').length);
  if (!first) return { ...about, new: step.place(pointer), ...unbroken };
  const { sql, failure } = first;
  const shown = `${sql.map((text) => `${text};`).join('\n')}\n-- ${failure.code}: ${failure.message}`;
  return {
    ...about,
    severity: 'error',
    old: { ...first.by.loc, pointer },
    new: step.place(pointer),
    witness: { acceptedBy: 'old', value: sql.join(';\n'), at: '', shown },
  };
}

/** For a change that every statement of the old code was tried on. Nothing breaks, if all of them could be tried. */
export function untouched(
  { unread, statements }: TableContext,
  table: string,
): Pick<RuleFinding, 'severity' | 'unproven'> {
  const all = statements.find(({ sql }) => mentions(sql, table) && /(?:\bSELECT|,|\.)\s*\*(?!\s*\d)/i.test(sql));
  if (all) {
    const at = `${all.loc.file}:${all.loc.line}`;
    return unproven(`the statement at ${at} reads all columns, and Atlas does not see which of them the code uses`);
  }
  if (!statements.some(({ sql }) => mentions(sql, table)))
    return unproven('no statement that Atlas has read names the table: see the key statements of the configuration');
  if (unread > 0) return unproven(`${unread} statements of the release before could not be tried`);
  return { severity: 'info' };
}

export function unproven(detail: string): Pick<RuleFinding, 'severity' | 'unproven'> {
  return { severity: 'warning', unproven: [{ kind: 'no-witness', detail }] };
}

/** For a change that depends on the rows. */
export const NO_ROW = unproven(
  'no row was found that a statement of the release before writes and the new schema refuses',
);

/** Whether a statement names a table or a column. */
export function mentions(sql: string, name: string): boolean {
  return new RegExp(`(?<![\\w$])${name.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&')}(?![\\w$])`).test(sql);
}

/** A name, quoted as SQL needs it, for a message. */
export function quotedName(...names: readonly string[]): string {
  return names.map(identifier).join('.');
}

/** The tables of the release before, as they are before and after a step; `after` is absent if it is gone. */
export function* tablesOf(
  { old }: TableContext,
  { before, after }: Step,
): Iterable<{ readonly before: Table; readonly after: Table | undefined }> {
  for (const [id, table] of before.tables) if (old.tables.has(id)) yield { before: table, after: after.tables.get(id) };
}

/** The columns that are in a table before and after a step. */
export function* columnsOf(
  context: TableContext,
  step: Step,
): Iterable<{ readonly table: Table; readonly before: Column; readonly after: Column }> {
  for (const { before: table, after } of tablesOf(context, step))
    for (const [id, column] of after?.columns ?? []) {
      const before = table.columns.get(id);
      if (before && after) yield { table: after, before, after: column };
    }
}
