import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { Loc } from '@atlas/ir';
import { shownPath, type Side } from '../sides/side.ts';

/** One file of migrations. `atlas` are those of the plumbing, which are applied first. */
export interface MigrationFile {
  readonly scope: 'atlas' | 'service';
  /** `0001_bookings.sql` */
  readonly name: string;
  /** The path as the report shows it. */
  readonly shown: string;
  readonly text: string;
  /** SHA-256 in hex, as the runner of migrations keeps it: line ends are LF. */
  readonly checksum: string;
}

/** Folders with migrations of a service, relative to the configuration's folder. */
export function migrationFolders(
  { config }: Side['workspace'],
  service: string,
): readonly (readonly [MigrationFile['scope'], string])[] {
  return [
    ['atlas', posix.join(config.out, service, 'outbox')],
    ['service', config.migrations.replaceAll('{service}', service)],
  ];
}

/** Folders with code whose statements are tried. */
export function statementFolders({ config }: Side['workspace'], service: string): readonly string[] {
  return config.statements.map((folder) => folder.replaceAll('{service}', service));
}

/** All folders with migrations, relative to the configuration's folder. */
export function migrationFoldersOf(workspace: Side['workspace']): readonly string[] {
  return workspace.config.services.flatMap(({ name }) => migrationFolders(workspace, name).map(([, folder]) => folder));
}

/** All folders with code whose statements are tried, relative to the configuration's folder. */
export function statementFoldersOf(workspace: Side['workspace']): readonly string[] {
  return [...new Set(workspace.config.services.flatMap(({ name }) => statementFolders(workspace, name)))];
}

/** The migrations of a service in the order in which they are applied. */
export async function migrationsOf(side: Side, service: string): Promise<readonly MigrationFile[]> {
  const found: MigrationFile[] = [];
  for (const [scope, folder] of migrationFolders(side.workspace, service)) {
    const names = await readdir(join(side.workspace.root, folder)).catch(() => []);
    for (const name of names.filter((entry) => entry.endsWith('.sql')).toSorted()) {
      const text = (await readFile(join(side.workspace.root, folder, name), 'utf8')).replaceAll('\r\n', '\n');
      const checksum = createHash('sha256').update(text).digest('hex');
      found.push({ scope, name, shown: shownPath(side, posix.join(folder, name)), text, checksum });
    }
  }
  return found;
}

/** The place of a character of a file. */
export function placeIn({ shown, text }: MigrationFile, offset: number, pointer: string): Loc {
  const before = text.slice(0, offset).split('\n');
  return { file: shown, line: before.length, column: (before.at(-1)?.length ?? 0) + 1, pointer };
}
