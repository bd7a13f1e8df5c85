import { dirname, join, posix, resolve } from 'node:path';
import { counts, isBreaking, type BreakingReport } from '../breaking/finding.ts';
import { count } from '../diagnostics/shown.ts';
import { EXIT, UsageError } from '../diagnostics/usageError.ts';
import { compareVersions, printDiagnostics, type CompareFlags, type Compared } from './compareVersions.ts';
import { relativeFolder } from './talk.ts';

export interface BreakingFlags extends CompareFlags {
  readonly accepted?: string;
}

/** The name of the file of accepted breaks, beside the configuration. */
const ACCEPTED = 'accepted-breaks.yaml';

/** Compares documents, or the repository with another version of it. Returns the exit code. */
export async function breakingCommand(files: readonly string[], flags: BreakingFlags, cwd: string): Promise<number> {
  const compared = await compareVersions(files, flags, cwd);
  const report = compared && (await withAccepted(compared, flags, cwd));
  if (!report) return EXIT.usage;
  if (report.findings.length > 0 || flags.format !== 'text') {
    const { renderBreaking } = await import('../report/breaking/render.ts');
    const color = process.stderr.isTTY && process.env['NO_COLOR'] === undefined;
    const text = renderBreaking(report, flags.format, color);
    (flags.format === 'text' ? process.stderr : process.stdout).write(text);
  }
  if (flags.format === 'text') process.stderr.write(`${summary(report, compared.reason)}\n`);
  return isBreaking(report) ? EXIT.findings : EXIT.clean;
}

/** The report with what somebody has accepted; undefined, with its findings printed, if that file is wrong. */
async function withAccepted(
  { report, config, reason }: Compared,
  { accepted, format }: BreakingFlags,
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
  return applyAccepted(report, file, shown, new Date().toISOString().slice(0, 10));
}

function summary({ findings, compared, notCompared, strict, mode }: BreakingReport, reason?: string): string {
  const of = (wanted: string): number =>
    findings.filter(({ severity, accepted }) => severity === wanted && !accepted).length;
  const [warnings, infos] = [of('warning'), of('info')];
  const errors = findings.filter(counts).length;
  const accepted = findings.filter((finding) => finding.accepted).length;
  const names = strict ? 'undeclared names count as promised' : 'undeclared names are tolerated';
  const parts = [
    reason ?? `${count(compared.length, 'document')} compared`,
    errors === 0 ? 'no breaking change' : count(errors, 'breaking change'),
    ...(accepted > 0 ? [`${accepted} accepted`] : []),
    ...(warnings > 0 ? [count(warnings, 'warning')] : []),
    ...(infos > 0 ? [count(infos, 'info')] : []),
    ...(notCompared.length > 0 ? [`not compared: ${notCompared.join(', ')}`] : []),
    ...(mode === undefined ? [] : [`mode ${mode}`]),
    ...(reason === undefined ? [names] : []),
  ];
  return parts.join(' · ');
}
