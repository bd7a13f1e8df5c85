import type { JsonValue } from '@atlas/ir';
import type { Id } from '../hashcons/keywords.ts';
import type { Store } from '../hashcons/store.ts';
import type { Patterns } from '../regex/patterns.ts';
import type { Found } from './found.ts';

/** What the sets of one type ask about the schemas inside them. */
export interface Env {
  readonly store: Store;
  readonly patterns: Patterns;
  /** A value that the schema accepts. */
  inhabit(id: Id): Found;
  /** Whether a schema accepts a value; undefined if that is unknown. */
  accepts(id: Id, value: JsonValue): boolean | undefined;
}
