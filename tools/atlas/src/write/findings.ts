import { posix } from 'node:path';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Comparison } from './outputFolder.ts';

/** ATL7002: files that do not match the specs. `out` is relative to the configuration's folder. */
export function driftFindings(comparisons: readonly Comparison[], out: string): readonly Diagnostic[] {
  return comparisons
    .filter(({ found, wanted }) => found !== wanted)
    .map((comparison) => ({
      code: 'ATL7002',
      severity: 'error',
      message: driftMessage(comparison),
      loc: differenceLoc(comparison, out),
      fix: 'run npx atlas generate',
    }));
}

function driftMessage({ found, wanted }: Comparison): string {
  if (found === undefined) return 'a generated file is missing';
  return wanted === undefined
    ? 'a generated file is left over: no spec describes it any more'
    : 'a generated file is out of date';
}

/** ATL7001: files that a run would overwrite or delete although atlas did not write their text. */
export function editFindings(comparisons: readonly Comparison[], out: string): readonly Diagnostic[] {
  return comparisons.filter(isEdited).map((comparison) => ({
    code: 'ATL7001',
    severity: 'error',
    message: 'a generated file was edited by hand',
    loc: differenceLoc(comparison, out),
    fix: 'move the change to the spec or to services/, or discard it with npx atlas generate --force',
  }));
}

function isEdited({ found, wanted, pristine }: Comparison): boolean {
  return found !== undefined && found !== wanted && !pristine;
}

/** The first line that differs. */
function differenceLoc({ path, found, wanted }: Comparison, out: string): Diagnostic['loc'] {
  const have = (found ?? '').split('\n');
  const want = (wanted ?? '').split('\n');
  const index = found === undefined || wanted === undefined ? 0 : have.findIndex((line, at) => line !== want[at]);
  return { file: posix.join(out, path), line: Math.max(index, 0) + 1, column: 1, pointer: '' };
}
