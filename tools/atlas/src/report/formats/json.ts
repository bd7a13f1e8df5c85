import type { Diagnostic } from '../../diagnostics/diagnostic.ts';

/** A stable format for programs: one object with a version, a verdict and the findings. */
export function renderJson(diagnostics: readonly Diagnostic[], pathOf: (file: string) => string): string {
  const findings = diagnostics.map(({ code, severity, message, loc, fix }) => ({
    code,
    severity,
    message,
    file: pathOf(loc.file),
    line: loc.line,
    column: loc.column,
    pointer: loc.pointer,
    ...(fix === undefined ? {} : { fix }),
  }));
  const verdict = findings.length === 0 ? 'clean' : 'findings';
  return `${JSON.stringify({ version: 1, verdict, findings }, null, 2)}\n`;
}
