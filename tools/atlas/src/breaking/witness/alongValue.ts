import { isList, isObject, type JsonObject, type JsonValue } from '@atlas/ir';
import type { Id, Keywords } from '../hashcons/keywords.ts';
import { ANY, NEVER, type Store } from '../hashcons/store.ts';

const MOST_DEEP = 300;
/** Judgements of a part of the value by a schema, for each schema that one value may touch. */
const JUDGEMENTS_PER_SCHEMA = 10;
/** Steps of compiling a schema. */
const STEPS_PER_SCHEMA = 50;

/** Keywords that are written as they are stored. */
const PLAIN = [
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'pattern',
  'format',
  'minContains',
  'maxContains',
  'minItems',
  'maxItems',
  'uniqueItems',
  'minProperties',
  'maxProperties',
] as const;

/**
 * A stored schema as JSON, as far as a value touches it: references are written out, and schemas for members or items
 * that the value does not have are left out. It judges this value like the whole schema, and compiles quickly even if
 * the whole one refers to a thousand others. Undefined if it is still too large, or has a part that can't be read.
 */
export function alongValue(store: Store, id: Id, value: JsonValue): JsonValue | undefined {
  const writer = new Writer(store);
  const schema = writer.write(id, [value], 0);
  const cost = writer.count * STEPS_PER_SCHEMA;
  return !writer.failed && store.work.spend(cost) ? schema : undefined;
}

class Writer {
  readonly #store: Store;
  /** What each schema became, and what it counts for: n layers may count for 2^n. */
  readonly #written = new Map<
    string,
    { readonly schema: JsonValue; readonly count: number; readonly judged: number }
  >();
  readonly #numbers = new Map<JsonValue, number>();
  count = 0;
  #judged = 0;
  failed = false;
  readonly #most: number;

  constructor(store: Store) {
    this.#store = store;
    this.#most = store.work.mostParts;
  }

  /** `values` are those that the schema will judge. */
  write(id: Id, values: readonly JsonValue[], depth: number): JsonValue {
    this.#add(1, values.length);
    if (depth > MOST_DEEP) this.failed = true;
    // a schema that judges nothing may be anything
    if (this.failed || id === ANY || values.length === 0) return {};
    if (id === NEVER) return false;
    const keywords = this.#store.keywords(id);
    if (keywords.ref !== undefined) return this.write(this.#store.target(keywords.ref), values, depth + 1);
    if (keywords.opaque) this.failed = true;
    const key = `${id} ${depth} ${values.map((value) => this.#numberOf(value)).join()}`;
    const known = this.#written.get(key);
    if (known) {
      this.#add(known.count, known.judged);
      return known.schema;
    }
    const [count, judged] = [this.count, this.#judged];
    const schema = this.#keywords(keywords, values, depth + 1);
    this.#written.set(key, { schema, count: this.count - count, judged: this.#judged - judged });
    return schema;
  }

  #add(count: number, judged: number): void {
    this.count += count;
    this.#judged += judged;
    if (this.count > this.#most || this.#judged > this.#most * JUDGEMENTS_PER_SCHEMA) this.failed = true;
  }

  #numberOf(value: JsonValue): number {
    const number = this.#numbers.get(value) ?? this.#numbers.size;
    this.#numbers.set(value, number);
    return number;
  }

  #keywords(keywords: Keywords, values: readonly JsonValue[], depth: number): JsonObject {
    const schema: Record<string, JsonValue> = {};
    for (const key of PLAIN) {
      const value = keywords[key];
      if (value !== undefined) schema[key] = value;
    }
    if (keywords.types) schema['type'] = keywords.types;
    // ajv does not compile an empty list
    if (keywords.enum)
      Object.assign(schema, keywords.enum.length > 0 ? { enum: keywords.enum } : { allOf: [{ not: {} }] });
    this.#inPlace(schema, keywords, values, depth);
    const objects = values.filter(isObject);
    if (objects.length > 0) this.#members(schema, keywords, objects, depth);
    const arrays = values.filter(isList);
    if (arrays.length > 0) this.#items(schema, keywords, arrays, depth);
    return schema;
  }

  #inPlace(schema: Record<string, JsonValue>, keywords: Keywords, values: readonly JsonValue[], depth: number): void {
    const write = (id: Id): JsonValue => this.write(id, values, depth);
    const all: JsonValue[] = [...new Set(keywords.allOf)].map(write);
    if (isList(schema['allOf'])) all.push(...schema['allOf']);
    if (all.length > 0) schema['allOf'] = all;
    const { anyOf, oneOf } = keywords;
    // the same branch twice says nothing more, except in `oneOf`
    for (const [key, ids] of [
      ['anyOf', anyOf && [...new Set(anyOf)]],
      ['oneOf', oneOf],
    ] as const) {
      if (ids?.length === 0) schema['not'] = {};
      else if (ids) schema[key] = ids.map(write);
    }
    for (const key of ['not', 'if', 'then', 'else'] as const) {
      const id = keywords[key];
      if (id !== undefined) schema[key] = write(id);
    }
  }

  #members(schema: Record<string, JsonValue>, keywords: Keywords, objects: readonly JsonObject[], depth: number): void {
    const names = [...new Set(objects.flatMap((object) => Object.keys(object)))];
    const of = (name: string): readonly JsonValue[] =>
      objects.map((object) => object[name]).filter((value) => value !== undefined);
    const everything = names.flatMap(of);
    // a name that all of them have refuses none of them
    const missing = (keywords.required ?? []).filter((name) => of(name).length < objects.length);
    if (missing.length > 0) schema['required'] = missing;
    const map = (
      entries: readonly (readonly [string, Id])[] | undefined,
      judged: (name: string) => readonly JsonValue[],
    ) =>
      Object.fromEntries(
        (entries ?? [])
          .filter(([name]) => judged(name).length > 0)
          .map(([name, id]): [string, JsonValue] => [name, this.write(id, judged(name), depth)]),
      );
    if (keywords.properties) schema['properties'] = map(keywords.properties, of);
    if (keywords.patternProperties) schema['patternProperties'] = map(keywords.patternProperties, () => everything);
    if (keywords.dependentSchemas)
      schema['dependentSchemas'] = map(keywords.dependentSchemas, (name) =>
        objects.filter((object) => Object.hasOwn(object, name)),
      );
    if (keywords.dependentRequired) schema['dependentRequired'] = Object.fromEntries(keywords.dependentRequired);
    if (keywords.propertyNames !== undefined)
      schema['propertyNames'] = this.write(keywords.propertyNames, names, depth);
    for (const key of ['additionalProperties', 'unevaluatedProperties'] as const) {
      const id = keywords[key];
      if (id !== undefined) schema[key] = this.write(id, everything, depth);
    }
    if (keywords.closed === true) schema['unevaluatedProperties'] = false;
  }

  #items(
    schema: Record<string, JsonValue>,
    keywords: Keywords,
    arrays: readonly (readonly JsonValue[])[],
    depth: number,
  ): void {
    const { prefixItems = [] } = keywords;
    const from = (index: number): readonly JsonValue[] => arrays.flatMap((items) => items.slice(index));
    if (prefixItems.length > 0)
      schema['prefixItems'] = prefixItems.map((id, index) =>
        this.write(
          id,
          arrays.flatMap((items) => items.slice(index, index + 1)),
          depth,
        ),
      );
    if (keywords.items !== undefined) schema['items'] = this.write(keywords.items, from(prefixItems.length), depth);
    for (const key of ['contains', 'unevaluatedItems'] as const) {
      const id = keywords[key];
      if (id !== undefined) schema[key] = this.write(id, from(0), depth);
    }
    // a `contains` that accepts anything still counts items
    if (keywords.contains !== undefined && from(0).length === 0) schema['contains'] = {};
  }
}
