import type { Diagnostic } from './diagnostic.ts';

/** By file, line, column, code and message; the same finding twice is one. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const unique = new Map(diagnostics.map((diagnostic) => [identity(diagnostic), diagnostic]));
  return [...unique.values()].toSorted(
    (left, right) =>
      compare(left.loc.file, right.loc.file) ||
      left.loc.line - right.loc.line ||
      left.loc.column - right.loc.column ||
      compare(left.code, right.code) ||
      compare(left.message, right.message),
  );
}

function identity({ code, loc, message }: Diagnostic): string {
  return [code, loc.file, loc.line, loc.column, message].join('\u0000');
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
