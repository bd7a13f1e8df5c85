import type { Loc } from '@atlas/ir';

/** One finding: what is wrong, where, and how to mend it. */
export interface Diagnostic {
  /** `ATL` and four digits; the first digit names the area. */
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  readonly loc: Loc;
  /** Width of the underlined text in the frame; 1 where unknown. */
  readonly length?: number;
  /** Imperative: what to write instead. */
  readonly fix?: string;
  /** Other places that belong to it, such as the first of two duplicates. */
  readonly related?: readonly { readonly loc: Loc; readonly message: string }[];
  /** Generated files that come from the place. */
  readonly affects?: readonly string[];
}

/** A diagnostic before whoever found it signs it with its code. */
export type Finding = Omit<Diagnostic, 'code' | 'severity'> & { readonly severity?: Diagnostic['severity'] };
