import { counts, isBreaking, type BreakingReport } from '../breaking/finding.ts';
import { count } from '../diagnostics/shown.ts';
import { EXIT } from '../diagnostics/usageError.ts';
import { withAccepted } from './acceptedBreaks.ts';
import { compareVersions, type CompareFlags } from './compareVersions.ts';

/** Compares documents, or the repository with another version of it. Returns the exit code. */
export async function breakingCommand(files: readonly string[], flags: CompareFlags, cwd: string): Promise<number> {
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

function summary({ findings, compared, notCompared, strict, mode, matched }: BreakingReport, reason?: string): string {
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
    ...(matched === undefined ? [] : [`matched ${matched}`]),
    ...(warnings > 0 ? [count(warnings, 'warning')] : []),
    ...(infos > 0 ? [count(infos, 'info')] : []),
    ...(notCompared.length > 0 ? [`not compared: ${notCompared.join(', ')}`] : []),
    ...(mode === undefined ? [] : [`mode ${mode}`]),
    ...(reason === undefined ? [names] : []),
  ];
  return parts.join(' · ');
}
