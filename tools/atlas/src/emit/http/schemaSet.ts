import { isObject, type JsonObject, type JsonValue } from '@atlas/ir';
import { atRef } from '../../jsonschema/json.ts';
import { decides, isCheckedFormat } from '../../jsonschema/keywords.ts';
import { reachedRefs, rewriteSchemas } from '../../jsonschema/walk.ts';

/** Schemas in annotations (`contentSchema`) and definitions (`$defs`) do not decide whether a value is valid. */
const DECIDING = { enter: (keyword: string): boolean => decides(keyword) };

/**
 * Schemas of a document in the form that compilers need: without annotations and `x-` keys, and with a name in each
 * `$ref`, so that a schema that several operations share is compiled once.
 */
export class SchemaSet {
  readonly #document: JsonObject;
  /** The name of each reference found so far. */
  readonly #names = new Map<string, string>();
  readonly #reached = new Set<string>();
  readonly #shared = new Map<string, JsonValue>();
  readonly #prepare: (schema: JsonObject) => JsonObject;

  /** `prepare` may rewrite a schema before it is cleaned. The schemas inside it have already been rewritten. */
  constructor(document: JsonObject, prepare: (schema: JsonObject) => JsonObject = (schema) => schema) {
    this.#document = document;
    this.#prepare = prepare;
  }

  /** The schemas that references led to so far, by name, in the order of their first mention. */
  get shared(): ReadonlyMap<string, JsonValue> {
    return this.#shared;
  }

  /** A schema without annotations, with references by name. */
  clean(given: JsonValue): JsonValue {
    const schema = this.#prepared(given);
    const targets = new Map<string, JsonValue>();
    const targetOf = (ref: string): JsonValue => {
      const target = this.#prepared(atRef(this.#document, ref) ?? true);
      targets.set(ref, target);
      return target;
    };
    for (const ref of reachedRefs(schema, targetOf, this.#reached, DECIDING))
      this.#names.set(ref, `${SHARED}${this.#names.size}`);
    for (const [ref, target] of targets) this.#shared.set(this.#nameOf(ref), this.#cleaned(target));
    return this.#cleaned(schema);
  }

  #prepared(given: JsonValue): JsonValue {
    return rewriteSchemas(given, (schema) => (isObject(schema) ? this.#prepare(schema) : schema), DECIDING);
  }

  #cleaned(prepared: JsonValue): JsonValue {
    return rewriteSchemas(
      prepared,
      (schema) => {
        if (!isObject(schema)) return schema;
        const ref = schema['$ref'];
        const kept: Record<string, JsonValue | undefined> = {};
        if (typeof ref === 'string') kept['$ref'] = this.#nameOf(ref);
        for (const key of Object.keys(schema)) {
          const value = schema[key];
          if (isAssertion(key, value)) kept[key] = value;
        }
        return kept;
      },
      DECIDING,
    );
  }

  #nameOf(ref: string): string {
    return this.#names.get(ref) ?? ref;
  }
}

/** Names of shared schemas are this letter and a number. */
const SHARED = 's';

/** Whether a reference is the name of a shared schema. */
export function isSharedName(ref: string): boolean {
  return /^s\d+$/.test(ref);
}

function isAssertion(key: string, value: JsonValue | undefined): boolean {
  return decides(key) && (key !== 'format' || isCheckedFormat(value));
}
