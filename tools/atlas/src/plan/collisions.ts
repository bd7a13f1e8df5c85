import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { PlannedFile } from './plannedFile.ts';

/**
 * Planned files with the same path (ATL6001). Case does not count, because a checkout on macOS or Windows would lose
 * one of two files that differ only in case.
 */
export function collisions(files: readonly PlannedFile[]): readonly Diagnostic[] {
  const first = new Map<string, PlannedFile>();
  return files.flatMap((file): Diagnostic[] => {
    const key = file.path.normalize('NFC').toLowerCase();
    const other = first.get(key);
    if (!other) {
      first.set(key, file);
      return [];
    }
    const same = other.path === file.path;
    return [
      {
        code: 'ATL6001',
        severity: 'error',
        message: same
          ? `${file.path} would be generated twice`
          : `${file.path} and ${other.path} are the same file on disks that ignore case`,
        loc: file.loc,
        fix: 'rename one of the two',
        related: [{ loc: other.loc, message: 'the other one' }],
      },
    ];
  });
}

/** Names of devices on Windows, with any extension. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** Files that cannot exist on Windows (ATL6005). */
export function deviceNames(files: readonly PlannedFile[]): readonly Diagnostic[] {
  return files
    .filter(({ path }) => path.split('/').some((part) => DEVICE.test(part)))
    .map(({ path, loc }) => ({
      code: 'ATL6005',
      severity: 'error',
      message: `${path} cannot be a file on Windows`,
      loc,
      fix: 'choose another name',
    }));
}
