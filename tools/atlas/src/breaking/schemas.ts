import type { JsonObject, JsonValue } from '@atlas/ir';
import type { Dialect } from '../jsonschema/keywords.ts';
import type { UnprovenReason } from './finding.ts';

/**
 * Who writes the value: the client (`request`) or the server (`response`). A request breaks if the new side refuses
 * what the old side accepts. A response breaks if the new side may send what the old side refuses. For messages the
 * consumer's reading is `response`; callbacks and webhooks swap the two.
 */
export type Direction = 'request' | 'response';

/** One version of a document. References are fragments (`#/components/schemas/Seat`) of this document. */
export interface SchemaDocument {
  readonly document: JsonObject;
  readonly dialect: Dialect;
  /** False if `readOnly` and `writeOnly` are only annotations, as in everything except OpenAPI. */
  readonly isDirected?: boolean;
}

/** A schema of a document, and where it is. */
export interface SchemaPlace {
  /** JSON Pointer into the document. */
  readonly pointer: string;
  /** Present if the schema is composed and the document does not have it as it is. */
  readonly schema?: JsonValue;
}

/** One pair to compare, such as the request body of one operation. */
export interface SchemaPair {
  /** What a finding shows as reached, such as `POST /bookings request`. */
  readonly id: string;
  readonly direction: Direction;
  readonly old: SchemaPlace;
  readonly new: SchemaPlace;
  /**
   * A JSON Schema (2020-12) of the values that the writer can send, if it can't send all of its schema. Of its keywords
   * only `items` and `additionalProperties` are about what is inside. If absent, it can send all.
   */
  readonly within?: JsonValue;
  /** A JSON Schema (2020-12) of the values that prove most, because every reader reads them alike. Tried first. */
  readonly preferred?: JsonValue;
  /**
   * Whether a value that proves a break still proves it with the whole message around it. `at` is a JSON Pointer into
   * the value. Without it, the value is the whole.
   */
  confirms?(value: JsonValue, at: string): boolean;
}

export interface CompareOptions {
  /** Names that the writer's schema does not declare count as promised (the registry's reading); false if absent. */
  readonly strict?: boolean;
  /** Limits are counters, so that runs repeat. The defaults are in budget.ts. */
  readonly budget?: Partial<Budget>;
}

export interface Budget {
  /** Sets of one JSON type that a normal form may have. */
  readonly atoms: number;
  /** Steps that one question about two schemas may take. */
  readonly question: number;
  /** Steps that all questions of a comparison may take together, and what each pair that differs adds to them. */
  readonly comparison: number;
  readonly pair: number;
  /** States of one automaton. */
  readonly states: number;
  /** How deep schemas may be nested before the engine gives up. */
  readonly depth: number;
}

/** Whether the reader accepts every value that the writer may send. */
export type Verdict =
  | { readonly kind: 'yes' }
  /** The writer accepts `value` and the reader refuses it. The validators confirm both. */
  | { readonly kind: 'no'; readonly value: JsonValue }
  | { readonly kind: 'unknown'; readonly reasons: readonly UnprovenReason[] };

/** One edit that breaks, or may break, at the deepest spot where it shows. */
export interface Cause {
  readonly severity: 'error' | 'warning' | 'info';
  /** Stable id in kebab-case. */
  readonly change: string;
  readonly message: string;
  /** The member of an object that is missing or refused, if the edit is about one. */
  readonly name?: string;
  /** JSON Pointers into the two documents. */
  readonly old: string;
  readonly new: string;
  /** The directions in which it shows. */
  readonly directions: readonly Direction[];
  /** The ids of the pairs that reach it, sorted. */
  readonly reaches: readonly string[];
  /** For the pair `pair`: the whole value, and the JSON Pointer in it to the spot of the cause. */
  readonly witness?: {
    readonly pair: string;
    readonly acceptedBy: 'old' | 'new';
    readonly value: JsonValue;
    readonly at: string;
  };
  readonly unproven?: readonly UnprovenReason[];
}

/** What a comparison of two documents gives; `equal` counts the pairs that were equal. */
export interface Outcome {
  readonly causes: readonly Cause[];
  readonly equal: number;
}
