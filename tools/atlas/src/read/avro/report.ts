import type { Loc } from '@atlas/ir';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';

/** Limits of one schema: it becomes types, functions and one text for the registry. */
export const avroLimits = {
  /** How deep types may be nested. */
  depth: 48,
  /** Fields, branches and symbols together. */
  members: 5000,
  /** Bytes of a fixed. */
  fixedSize: 1024 * 1024,
  /** Digits of a decimal. */
  precision: 1000,
  /** Values of attributes, each counted as often as references lead to it. */
  values: 100_000,
  /** Values of a record that take no bytes, because a reader makes them from no data. */
  emptyValues: 4_096,
  /**
   * Values that one default makes, including those of left-out fields, because readers make them for each old event.
   */
  defaultValues: 65_536,
} as const;

type Related = NonNullable<Diagnostic['related']>[number];

/** Collects the findings of one schema. */
export class Report {
  readonly findings: Diagnostic[] = [];

  error(code: string, message: string, loc: Loc, fix: string, related?: Related): void {
    this.#add('error', code, message, loc, fix, related);
  }

  warning(code: string, message: string, loc: Loc, fix: string): void {
    this.#add('warning', code, message, loc, fix);
  }

  #add(
    severity: Diagnostic['severity'],
    code: string,
    message: string,
    loc: Loc,
    fix: string,
    related?: Related,
  ): void {
    this.findings.push({ code, severity, message, loc, fix, ...(related ? { related: [related] } : {}) });
  }
}
