import type { Loc } from '@atlas/ir';
import type { Change } from '../changelog/change.ts';
import { mergedDrafts, type Draft } from '../draft.ts';
import type { BreakingFinding } from '../finding.ts';
import { codeFilesIn } from '../sides/codeFiles.ts';
import type { Side } from '../sides/side.ts';
import { codeStatements, type CodeStatement } from './codeStatements.ts';
import type { ChangedFile, TableContext } from './context.ts';
import { migrate, type Migrated } from './migrate.ts';
import { migrationsOf, placeIn, statementFolders, type MigrationFile } from './migrations.ts';
import { tableRules } from './rules/index.ts';
import { tableChanges } from './tableChanges.ts';

export interface TableReport {
  readonly findings: readonly BreakingFinding[];
  /** What the new migrations change, whether or not it breaks anything. */
  readonly changes: readonly Change[];
  /** Files of migrations that were compared, as the report shows them. */
  readonly compared: readonly string[];
  /** Text by `Loc.file`. */
  readonly sources: ReadonlyMap<string, string>;
}

/**
 * Compares the migrations of a service: the new ones are applied to the database as the release before left it.
 * Everything that the code of that release does is tried before and after. A database is started only if a migration is
 * new.
 */
export async function compareTables(old: Side, next: Side, service: string): Promise<TableReport> {
  const [before, after] = [await migrationsOf(old, service), await migrationsOf(next, service)];
  const changed = changedFiles(before, after);
  const pending = after.filter((file) => !before.some((other) => isSame(file, other)));
  const compared = after.map(({ shown }) => shown);
  const texts = new Map([...before, ...after].map(({ shown, text }) => [shown, text]));
  if (pending.length === 0 && changed.length === 0) return { findings: [], changes: [], compared, sources: texts };
  const code = await statementsOf(old, service);
  const migrated = pending.length === 0 ? NOTHING : await migrate(service, before, pending, code.statements);
  const sources = new Map([...texts, ...code.sources]);
  const context: TableContext = { service, changed, ...migrated };
  const drafts = [
    ...unknown(migrated, service),
    ...tableRules.flatMap((rule) => [...rule.check(context)].map((finding) => ({ level: rule.level, ...finding }))),
  ];
  const findings = mergedDrafts(drafts, service);
  return { findings, changes: tableChanges(service, migrated.steps), compared, sources };
}

/** The statements of the code of a service, with the texts of the files that have any. */
async function statementsOf(
  side: Side,
  service: string,
): Promise<{ readonly statements: readonly CodeStatement[]; readonly sources: ReadonlyMap<string, string> }> {
  const sources = new Map<string, string>();
  const statements: CodeStatement[] = [];
  for (const folder of statementFolders(side.workspace, service)) {
    for (const { shown, text } of await codeFilesIn(side, folder)) {
      const found = codeStatements(shown, text);
      if (found.length > 0) sources.set(shown, text);
      statements.push(...found);
    }
  }
  return { statements, sources };
}

const EMPTY: TableContext['old'] = { tables: new Map(), labels: new Map(), domains: new Map() };
const NOTHING: Migrated = { old: EMPTY, steps: [], statements: [], unread: 0 };

function isSame(file: MigrationFile, other: MigrationFile): boolean {
  return file.scope === other.scope && file.name === other.name;
}

/** What the runner of migrations refuses in a database of the release before. */
function changedFiles(before: readonly MigrationFile[], after: readonly MigrationFile[]): readonly ChangedFile[] {
  return before.flatMap((old, index): readonly ChangedFile[] => {
    const now = after.find((file) => isSame(file, old));
    if (!now) return [{ kind: 'removed', old }];
    const edited = now.checksum === old.checksum ? [] : [{ kind: 'edited', old, new: now } as const];
    const isLast = !before.some((file, later) => later > index && file.scope === old.scope);
    const late = isLast
      ? after.filter(
          ({ scope, name }) =>
            scope === old.scope && name < old.name && !before.some((file) => isSame(file, { ...old, name })),
        )
      : [];
    return [...edited, ...late.map((file) => ({ kind: 'late', old, new: file }) as const)];
  });
}

/** If the migrations of the release before can't be applied here, nothing is known about the new ones. */
function unknown({ failed }: Migrated, service: string): readonly Draft[] {
  if (!failed) return [];
  const { file, failure } = failed;
  const place: Loc = placeIn(file, 0, `/${file.scope}/${file.name}`);
  const detail = `the database of Atlas refuses ${file.scope}/${file.name} of the release before: ${failure.message} (${failure.code})`;
  return [
    {
      protocol: 'db',
      level: 'wire',
      severity: 'warning',
      change: 'migrations-unproven',
      message: 'the new migrations could not be tried',
      old: place,
      reaches: [service],
      unproven: [{ kind: 'no-witness', detail }],
    },
  ];
}
