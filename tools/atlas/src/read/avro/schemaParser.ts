import type { AvroType, JsonValue, Loc } from '@atlas/ir';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Cursor } from '../../document/cursor.ts';

/** Limits of one schema: it becomes types, functions and one text for the registry. */
export const avroLimits = {
  /** Levels of types inside types. */
  depth: 48,
  /** Fields, branches and symbols together. */
  members: 5000,
  /** Bytes of a fixed. */
  fixedSize: 1024 * 1024,
  /** Digits of a decimal. */
  precision: 1000,
} as const;

/** What surrounds a schema: the namespace of names without dots, and the number of schemas around it. */
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

/** What the functions for single kinds of schema need. A schema that cannot be parsed is undefined, with a finding. */
export interface SchemaParser {
  readonly report: Report;
  /** The named types parsed so far, by full name. */
  readonly types: Map<string, AvroType>;
  parse(cursor: Cursor, around: Around): ParsedSchema | undefined;
  /** Counts fields, branches and symbols; false once there are too many. */
  count(cursor: Cursor, amount: number): boolean;
  /** Adds a definition under its full name and returns the name; undefined, with a finding, where it is not valid. */
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
