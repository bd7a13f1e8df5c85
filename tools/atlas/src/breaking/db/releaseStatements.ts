import { codeFilesIn } from '../sides/codeFiles.ts';
import type { Side } from '../sides/side.ts';
import { codeStatements, type CodeStatement } from './codeStatements.ts';
import { statementFolders } from './migrations.ts';

/** The statements of the code of a service, with the texts of the files that have any. */
export async function statementsOf(
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
