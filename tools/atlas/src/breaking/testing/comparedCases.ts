import { existsSync } from 'node:fs';
import { caseFolder, caseNames } from '../../../test/harness/caseFolder.ts';
import { limits } from '../../document/limits.ts';
import { loadDocument } from '../../load/load.ts';
import { compareDocuments } from '../compare.ts';
import type { BreakingReport } from '../finding.ts';

/** The cases with two documents that load. */
export const comparedCases: readonly string[] = caseNames.filter(
  (name) => existsSync(`${caseFolder(name)}/specs/old.yaml`) && !name.startsWith('refused-'),
);

/** Compares two documents of a case. */
export async function compareCase(name: string, old: string, next: string): Promise<BreakingReport> {
  const side = async (file: string) => {
    const { workspace } = await loadDocument(`${caseFolder(name)}/specs/${file}`, limits.comparedBytes);
    if (!workspace) throw new Error(`${name}: ${file} does not load`);
    return { workspace, folder: 'specs', file };
  };
  return compareDocuments(await side(old), await side(next), {});
}
