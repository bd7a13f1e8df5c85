import { readdir, readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { limits } from '../../document/limits.ts';
import { shownPath, type Side } from '../sides/side.ts';
import { codeStatements, type CodeStatement } from './codeStatements.ts';
import { statementFolders } from './migrations.ts';

/** Files of a service's code that are read. */
const MOST_FILES = 2_000;

/** The statements of the code of a service, with the texts of the files that have any. */
export async function statementsOf(
  side: Side,
  service: string,
): Promise<{ readonly statements: readonly CodeStatement[]; readonly sources: ReadonlyMap<string, string> }> {
  const sources = new Map<string, string>();
  const statements: CodeStatement[] = [];
  for (const folder of statementFolders(side.workspace, service)) {
    const root = join(side.workspace.root, folder);
    const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
    const files = entries
      .filter((entry) => entry.isFile() && /(?<!\.spec|\.d)\.[cm]?ts$/.test(entry.name))
      .map((entry) => posix.join(folder, join(entry.parentPath, entry.name).slice(root.length + 1)))
      .filter((file) => !file.includes('/node_modules/'))
      .toSorted();
    for (const file of files.slice(0, MOST_FILES)) {
      const text = await readFile(join(side.workspace.root, file), 'utf8');
      if (text.length > limits.fileBytes) continue;
      const shown = shownPath(side, file);
      const found = codeStatements(shown, text);
      if (found.length > 0) sources.set(shown, text);
      statements.push(...found);
    }
  }
  return { statements, sources };
}
