import type { Loc } from '@atlas/ir';

/** One finding: what is wrong, where, and how to fix it. */
export interface Diagnostic {
  /** `ATL` and four digits; the first digit names the area. */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly loc: Loc;
  /** Imperative: what to write instead. */
  readonly fix?: string;
  /** Other places, such as the first of two duplicates. */
  readonly related?: readonly { readonly loc: Loc; readonly message: string }[];
  /** Files that are generated from the place. */
  readonly affects?: readonly string[];
  /** Why somebody has accepted it. Then it does not make the command fail. */
  readonly accepted?: string;
}

/** A diagnostic without its code, which the rule that found it adds. */
export type Finding = Omit<Diagnostic, 'code' | 'severity'> & { readonly severity?: Diagnostic['severity'] };

/** What `atlas explain` knows about a code. */
export interface CodeInfo {
  /** `ATL` and four digits. */
  readonly code: string;
  /** What is wrong, in a few words. */
  readonly title: string;
  readonly explain: {
    /** Why it matters, in a sentence or two. */
    readonly why: string;
    /** The shortest text that breaks it. */
    readonly bad?: string;
    /** The same text, fixed. */
    readonly good?: string;
  };
}

/** Sorted by file, line, column, code and message, with repeated findings removed. */
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
