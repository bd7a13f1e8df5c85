import type { AvroType, JsonValue, Loc } from '@atlas/ir';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Cursor } from '../../document/cursor.ts';

/** What one schema may hold: it becomes types, functions and one text for the registry. */
export const avroLimits = {
  /** Types inside types, as written. */
  depth: 48,
  /** Fields, branches and symbols together. */
  members: 5000,
  /** Bytes of a fixed. */
  fixedSize: 1024 * 1024,
  /** Digits of a decimal. */
  precision: 1000,
} as const;

/** Where a schema is written: the namespace of plain names, and how many schemas it is inside of. */
export interface Around {
  readonly namespace: string;
  readonly depth: number;
}

/** One schema, parsed: its type for the model, and its canonical JSON for the registry. */
export interface ParsedSchema<Type extends AvroType = AvroType> {
  readonly type: Type;
  /**
   * Self-contained: every type is written out at its first occurrence and named in full everywhere, docs, defaults and
   * metadata kept, keys in a fixed order.
   */
  readonly canonical: JsonValue;
}

/** What the parsers of single kinds of schema need. What can't be parsed is undefined, with a finding. */
export interface SchemaParser {
  readonly report: Report;
  /** Named types that are complete, by full name. */
  readonly types: Map<string, AvroType>;
  parse(cursor: Cursor, around: Around): ParsedSchema | undefined;
  /** Counts what a schema is made of; false once it is too much. */
  count(cursor: Cursor, amount: number): boolean;
  /** Enters a definition under its full name; undefined, with a finding, where that is impossible. */
  define(cursor: Cursor, around: Around): string | undefined;
}

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

/** The `doc` of a type or a field, as a property to spread. */
export function docOf(cursor: Cursor, report: Report): { readonly doc?: string } {
  const written = cursor.get('doc');
  const doc = written?.string();
  if (written && doc === undefined)
    report.error('ATL4002', 'doc is not a string', written.valueLoc, 'write it in quotes');
  return doc === undefined ? {} : { doc };
}
