import { existsSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { caseFolder, caseNames, readCase } from '../../../test/harness/caseFolder.ts';
import { comparedLimits } from '../../document/limits.ts';
import { load, loadDocument } from '../../load/load.ts';
import { MODES } from '../../read/avro/levels.ts';
import { compareDocuments, compareRepositories } from '../compare.ts';
import type { BreakingReport } from '../finding.ts';

/** The cases that compare two files or two repositories that load, with the paths of these and the mode. */
export const comparedCases = (
  await Promise.all(
    caseNames
      .filter((name) => !name.startsWith('refused-'))
      .map(async (name) => {
        const { args } = await readCase(name);
        const [command, ...files] = args.filter((arg) => !arg.startsWith('-'));
        const [old, next, mode] = args[1] === '--config' ? [`${files[1] ?? ''}/atlas.config.yaml`, files[0]] : files;
        const isBreaking = command === 'breaking' && old !== undefined && next !== undefined;
        const path = `${caseFolder(name)}/${old ?? ''}`;
        return isBreaking && existsSync(path) && statSync(path).isFile()
          ? [{ name, old, next, mode: MODES.find((one) => one === mode) }]
          : [];
      }),
  )
).flat();

export type ComparedCase = (typeof comparedCases)[number];

const reports = new Map<string, Promise<BreakingReport>>();

/** Compares two versions of a case. Each pair is compared only once, because several tests look at the same report. */
export function compareCase(compared: ComparedCase, old: string, next: string): Promise<BreakingReport> {
  const key = [compared.name, old, next].join(' ');
  const report = reports.get(key) ?? reportOf(compared, old, next);
  reports.set(key, report);
  return report;
}

async function reportOf({ name, mode }: ComparedCase, old: string, next: string): Promise<BreakingReport> {
  const isRepository = old.endsWith('config.yaml');
  const side = async (file: string) => {
    const root = `${caseFolder(name)}/${dirname(file)}`;
    const path = `${caseFolder(name)}/${file}`;
    const { workspace } = await (isRepository ? load(path) : loadDocument(path, comparedLimits, root));
    if (!workspace) throw new Error(`${name}: ${file} does not load`);
    return { workspace, folder: dirname(file), file: basename(file) };
  };
  const [before, after] = [await side(old), await side(next)];
  const options = mode ? { mode } : {};
  return isRepository ? compareRepositories(before, after, options) : compareDocuments([before], after, options);
}
