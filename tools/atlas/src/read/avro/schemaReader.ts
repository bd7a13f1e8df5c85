import type { AvroType } from '@atlas/ir';
import type { Cursor } from '../../load/index.ts';
import type { Report } from './report.ts';

/** What stands around a schema: the namespace that plain names are in, and how deep it lies. */
export interface Around {
  readonly namespace: string;
  readonly depth: number;
}

/** What the readers of single kinds of schema need of the whole. What can't be read is undefined, with a finding. */
export interface SchemaReader {
  readonly report: Report;
  /** Named types that are complete, by full name. */
  readonly types: Map<string, AvroType>;
  read(cursor: Cursor, around: Around): AvroType | undefined;
  /** Counts what a schema is made of; false once it is too much. */
  count(cursor: Cursor, amount: number): boolean;
  /** Enters a definition under its full name. */
  define(cursor: Cursor, around: Around): string | undefined;
}
