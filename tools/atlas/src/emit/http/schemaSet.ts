import type { JsonObject, JsonValue } from '@atlas/ir';
import { ASSERTIONS, ONE_SCHEMA, SCHEMA_LIST, SCHEMA_MAP } from '../../jsonschema/schemaKeys.ts';
import { atRef, isObject, mapSchemas } from '../../jsonschema/mapSchema.ts';

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
    const cleaned = mapSchemas(kept, (inner) => this.clean(inner));
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
  if (key === 'format') return typeof value === 'string' && FORMATS.has(value);
  return ASSERTIONS.has(key) || ONE_SCHEMA.has(key) || SCHEMA_LIST.has(key) || SCHEMA_MAP.has(key);
}

/** Formats that are checked (JSON Schema 2020-12 validation, section 7.3; OpenAPI's format registry); others say nothing. */
const FORMATS: ReadonlySet<string> = new Set([
  'date',
  'date-time',
  'duration',
  'email',
  'hostname',
  'int32',
  'int64',
  'ipv4',
  'ipv6',
  'json-pointer',
  'regex',
  'time',
  'uri',
  'uri-reference',
  'uuid',
]);
