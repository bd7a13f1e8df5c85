import { EXIT } from '../diagnostics/usageError.ts';
import { withAccepted } from './acceptedBreaks.ts';
import { compareVersions, type CompareFlags } from './compareVersions.ts';

export interface DiffFlags extends CompareFlags {
  readonly format: 'text' | 'markdown';
}

/**
 * Prints everything that differs between two versions to stdout. A break is a line like the others, and not a failure.
 */
export async function diffCommand(files: readonly string[], flags: DiffFlags, cwd: string): Promise<number> {
  const compared = await compareVersions(files, flags, cwd);
  const report = compared && (await withAccepted(compared, flags, cwd));
  if (!report) return EXIT.usage;
  const { changelog } = await import('../report/breaking/changelog.ts');
  process.stdout.write(changelog(report, flags.format));
  return EXIT.clean;
}
