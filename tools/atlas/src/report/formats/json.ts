import type { Diagnostic } from '../../diagnostics/diagnostic.ts';

/** A stable format for programs: one object with a version, a verdict, the findings, and what a command adds. */
export function renderJson(
  diagnostics: readonly Diagnostic[],
  pathOf: (file: string) => string,
  more: Readonly<Record<string, unknown>> = {},
): string {
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
  return `${JSON.stringify({ version: 1, verdict, findings, ...more }, null, 2)}\n`;
}
