import type { JsonValue } from '@atlas/ir';
import type { UnprovenReason } from '../finding.ts';

/** The number of a schema in a `Store`: equal numbers mean equal schemas. */
export type Id = number;

export type JsonType = 'null' | 'boolean' | 'number' | 'integer' | 'string' | 'array' | 'object';

/** Two are the same schema only if `side` is the same, too: the version in which the keyword means something else. */
export type Opaque = UnprovenReason & { readonly side?: 'old' | 'new' };

/**
 * A schema of JSON Schema 2020-12 without annotations, its children as ids. An absent keyword asserts nothing. `const`
 * is an `enum` of one, and `dependencies` of older drafts is the two keywords that replaced it.
 */
export interface Keywords {
  /** A reference by the name that `Store.target` knows; it stands alone. */
  readonly ref?: string;
  /** A keyword that the engine can't read: the schema accepts some subset, and nobody knows which one. */
  readonly opaque?: Opaque;
  readonly types?: readonly JsonType[];
  readonly enum?: readonly JsonValue[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly prefixItems?: readonly Id[];
  readonly items?: Id;
  readonly contains?: Id;
  readonly minContains?: number;
  readonly maxContains?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly properties?: readonly (readonly [string, Id])[];
  readonly patternProperties?: readonly (readonly [string, Id])[];
  readonly additionalProperties?: Id;
  readonly propertyNames?: Id;
  readonly required?: readonly string[];
  readonly dependentRequired?: readonly (readonly [string, readonly string[]])[];
  readonly dependentSchemas?: readonly (readonly [string, Id])[];
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly allOf?: readonly Id[];
  readonly anyOf?: readonly Id[];
  readonly oneOf?: readonly Id[];
  readonly not?: Id;
  readonly if?: Id;
  readonly then?: Id;
  readonly else?: Id;
  readonly unevaluatedItems?: Id;
  readonly unevaluatedProperties?: Id;
  /**
   * Names that nothing in place declares are refused, because the writer tolerates them but does not promise them
   * (`View` in project/project.ts).
   */
  readonly closed?: true;
}
