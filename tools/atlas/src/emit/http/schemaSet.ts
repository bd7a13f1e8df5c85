import type { JsonObject, JsonValue } from '@atlas/ir';
import { decides, isCheckedFormat } from '../../jsonschema/keywords.ts';
import { atRef, isObject } from '../../jsonschema/json.ts';
import { mapSubschemas } from '../../jsonschema/walk.ts';

/**
 * The schemas of a document in the form that compilers take: annotations and `x-` keys left out, and each `$ref` a
 * name, so that what several operations share is compiled once.
 */
export class SchemaSet {
  readonly #document: JsonObject;
  readonly #names = new Map<string, string>();
  readonly #schemas = new Map<string, JsonValue>();

  readonly #prepare: (schema: JsonObject) => JsonObject;

  /** `prepare` may rewrite a schema before it is cleaned. */
  constructor(document: JsonObject, prepare: (schema: JsonObject) => JsonObject = (schema) => schema) {
    this.#document = document;
    this.#prepare = prepare;
  }

  /** What was referred to so far, by name, in the order of first mention. */
  get shared(): ReadonlyMap<string, JsonValue> {
    return this.#schemas;
  }

  /** A schema without annotations, with references by name. */
  clean(given: JsonValue): JsonValue {
    if (!isObject(given)) return given;
    const schema = this.#prepare(given);
    const kept = Object.fromEntries(Object.entries(schema).filter(([key, value]) => isAssertion(key, value)));
    const ref = schema['$ref'];
    const cleaned = mapSubschemas(kept, (inner) => this.clean(inner));
    return typeof ref === 'string' ? { $ref: this.#name(ref), ...cleaned } : cleaned;
  }

  #name(ref: string): string {
    const known = this.#names.get(ref);
    if (known !== undefined) return known;
    const name = `s${this.#names.size}`;
    this.#names.set(ref, name);
    this.#schemas.set(name, true); // keeps its place in the order while it is cleaned
    this.#schemas.set(name, this.clean(atRef(this.#document, ref) ?? true));
    return name;
  }
}

function isAssertion(key: string, value: JsonValue | undefined): boolean {
  return decides(key) && (key !== 'format' || isCheckedFormat(value));
}
