import { dirname, join, posix, resolve } from 'node:path';
import type { BreakingReport } from '../breaking/finding.ts';
import { UsageError } from '../diagnostics/usageError.ts';
import { printDiagnostics, type Compared, type CompareFlags } from './compareVersions.ts';
import { relativeFolder } from './findConfig.ts';

/** The name of the file of accepted breaks, beside the configuration. */
const ACCEPTED = 'accepted-breaks.yaml';

/**
 * The report with the accepted breaks marked. Undefined if the file of accepted breaks is wrong; its findings are then
 * printed.
 */
export async function withAccepted(
  { report, config, reason }: Compared,
  { accepted, format }: CompareFlags,
  cwd: string,
): Promise<BreakingReport | undefined> {
  const beside = config && posix.join(relativeFolder(cwd, dirname(config)), ACCEPTED);
  const shown = accepted ?? beside;
  if (shown === undefined || reason !== undefined) return report;
  const { readAccepted } = await import('../breaking/accepted/readAccepted.ts');
  const path = accepted === undefined && config !== undefined ? join(dirname(config), ACCEPTED) : resolve(cwd, shown);
  const file = await readAccepted(path, shown);
  if (!file && accepted !== undefined) throw new UsageError(`--accepted ${accepted}: the file does not exist`);
  if (!file) return report;
  if (file.diagnostics.length > 0) {
    await printDiagnostics({ diagnostics: file.diagnostics, sources: new Map([[shown, file.text]]) }, '', format);
    process.stderr.write('atlas: fix the accepted breaks: an entry that cannot be read accepts nothing\n');
    return undefined;
  }
  const { applyAccepted } = await import('../breaking/accepted/applyAccepted.ts');
  const today = new Date().toISOString().slice(0, 10);
  return applyAccepted(report, file, { file: shown, today, isForThis: accepted !== undefined });
}
