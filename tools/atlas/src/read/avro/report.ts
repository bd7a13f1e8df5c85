import type { Loc } from '@atlas/ir';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';

/** Where the reader of Avro says what is wrong. */
export class Report {
  readonly findings: Diagnostic[] = [];

  error(
    code: string,
    message: string,
    loc: Loc,
    fix: string,
    related?: { readonly loc: Loc; readonly message: string },
  ): void {
    this.#add('error', code, message, loc, fix, related);
  }

  warning(code: string, message: string, loc: Loc, fix?: string): void {
    this.#add('warning', code, message, loc, fix);
  }

  #add(
    severity: Diagnostic['severity'],
    code: string,
    message: string,
    loc: Loc,
    fix?: string,
    related?: { readonly loc: Loc; readonly message: string },
  ): void {
    this.findings.push({
      code,
      severity,
      message,
      loc,
      ...(fix === undefined ? {} : { fix }),
      ...(related ? { related: [related] } : {}),
    });
  }
}
