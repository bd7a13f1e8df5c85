import { childPointer, isList, isObject, type JsonObject, type JsonValue } from '@atlas/ir';
import type { Cursor } from '../document/cursor.ts';
import { keywordsOf, refStandsAlone, type Dialect } from './keywords.ts';

/*
 * All walks over JSON Schema. The table of keywords says which members of a schema are schemas. Only the walks over
 * cursors follow `$ref`. No walk is recursive, so that deep documents and long chains of references do not overflow the
 * stack.
 */

export interface WalkOptions {
  /** The default is `2020-12`. */
  readonly dialect?: Dialect;
  /** Whether to walk into the schemas of a keyword. The default is yes. */
  readonly enter?: (keyword: string) => boolean;
}

/** A schema directly inside another one. */
export interface Subschema {
  /** The keyword that contains it. */
  readonly keyword: string;
  /** Its name or index below the keyword. Undefined if the keyword's value is the schema. */
  readonly key: string | number | undefined;
  readonly schema: JsonValue;
}

/** The schemas directly inside a schema, in document order. */
export function subschemas(schema: JsonValue, dialect: Dialect = '2020-12'): readonly Subschema[] {
  if (!isObject(schema) || isOnlyRef(schema, dialect)) return NONE;
  const table = keywordsOf(dialect);
  // A large document has a hundred thousand schemas, and most contain none.
  let found: Subschema[] | undefined;
  const add = (keyword: string, key: string | number | undefined, inner: JsonValue | undefined): void => {
    if (inner !== undefined && isSchema(inner)) (found ??= []).push({ keyword, key, schema: inner });
  };
  for (const keyword of Object.keys(schema)) {
    const holds = table.get(keyword)?.holds;
    const value = holds === undefined ? undefined : schema[keyword];
    if (value === undefined) continue;
    if (isList(value)) {
      if (holds === 'list' || holds === 'schema-or-list')
        for (let index = 0; index < value.length; index++) add(keyword, index, value[index]);
    } else if (holds === 'map') {
      if (isObject(value)) for (const key of Object.keys(value)) add(keyword, key, value[key]);
    } else if (holds !== 'list') add(keyword, undefined, value);
  }
  return found ?? NONE;
}

const NONE: readonly Subschema[] = [];

/** A schema and all schemas inside it, in document order, each with its JSON Pointer. `pointer` is that of the root. */
export function* schemasIn(
  root: JsonValue,
  { dialect = '2020-12', enter = () => true, pointer = '' }: WalkOptions & { readonly pointer?: string } = {},
): Generator<{ readonly schema: JsonValue; readonly pointer: string }> {
  const stack = [{ schema: root, pointer }];
  for (let next = stack.pop(); next; next = stack.pop()) {
    yield next;
    const { pointer: above } = next;
    const inside = subschemas(next.schema, dialect).filter(({ keyword }) => enter(keyword));
    for (const { keyword, key, schema } of inside.toReversed()) {
      const holder = childPointer(above, keyword);
      stack.push({ schema, pointer: key === undefined ? holder : childPointer(holder, key) });
    }
  }
}

/**
 * Applies `change` to the schemas directly inside a schema. Returns the same object if nothing changes.
 */
export function mapSubschemas(
  schema: JsonObject,
  change: (schema: JsonValue, keyword: string) => JsonValue,
  dialect: Dialect = '2020-12',
): JsonObject {
  return withChanged(schema, subschemas(schema, dialect), change);
}

function withChanged(
  schema: JsonObject,
  inside: readonly Subschema[],
  change: (schema: JsonValue, keyword: string) => JsonValue,
): JsonObject {
  let changed: Map<string, Map<string | number | undefined, JsonValue>> | undefined;
  for (const { keyword, key, schema: inner } of inside) {
    const result = change(inner, keyword);
    if (result === inner) continue;
    changed ??= new Map<string, Map<string | number | undefined, JsonValue>>();
    const members = changed.get(keyword) ?? new Map<string | number | undefined, JsonValue>();
    changed.set(keyword, members.set(key, result));
  }
  if (changed === undefined) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => {
      const members = changed.get(keyword);
      return [keyword, members === undefined || value === undefined ? value : withMembers(value, members)];
    }),
  );
}

/**
 * Applies `change` to a schema and all schemas inside it, the innermost first: its first argument is the schema with
 * changed schemas inside, and its second argument is the original schema. An object that occurs several times (a YAML
 * alias) is changed once. Returns the same object if nothing changes.
 */
export function rewriteSchemas(
  root: JsonValue,
  change: (schema: JsonValue, original: JsonValue) => JsonValue,
  { dialect = '2020-12', enter = () => true }: WalkOptions = {},
): JsonValue {
  const results = new Map<JsonObject, JsonValue>();
  const resultOf = (schema: JsonValue, keyword: string): JsonValue => {
    if (!enter(keyword)) return schema;
    return isObject(schema) ? (results.get(schema) ?? schema) : change(schema, schema);
  };
  if (!isObject(root)) return change(root, root);
  const stack: { readonly schema: JsonObject; inside?: readonly Subschema[] }[] = [{ schema: root }];
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const { schema } = top;
    if (!results.has(schema) && top.inside === undefined) {
      const inside = subschemas(schema, dialect);
      top.inside = inside;
      const before = stack.length;
      for (let index = inside.length - 1; index >= 0; index--) {
        const inner = inside[index];
        if (inner && isObject(inner.schema) && enter(inner.keyword)) stack.push({ schema: inner.schema });
      }
      if (stack.length > before) continue;
    }
    stack.pop();
    if (!results.has(schema)) results.set(schema, change(withChanged(schema, top.inside ?? NONE, resultOf), schema));
  }
  return results.get(root) ?? root;
}

/** The references in a schema and in all schemas inside it, the innermost first. */
export function refsIn(schema: JsonValue, options: WalkOptions = {}): readonly string[] {
  const refs: string[] = [];
  rewriteSchemas(
    schema,
    (inner) => {
      if (isObject(inner) && typeof inner['$ref'] === 'string') refs.push(inner['$ref']);
      return inner;
    },
    options,
  );
  return refs;
}

/**
 * The references that a schema leads to, directly or through other references: each once, depth first. `targetOf`
 * returns the schema that a reference leads to. References in `reached` are skipped, and new ones are added to it.
 */
export function* reachedRefs(
  schema: JsonValue,
  targetOf: (ref: string) => JsonValue,
  reached: Set<string>,
  options: WalkOptions = {},
): Generator<string> {
  const stack = [refsIn(schema, options).values()];
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const { value: ref } = top.next();
    if (ref === undefined) stack.pop();
    else if (!reached.has(ref)) {
      reached.add(ref);
      yield ref;
      stack.push(refsIn(targetOf(ref), options).values());
    }
  }
}

/**
 * The references that lead to one of `ends`, directly or through others, and `ends` themselves. `refsOf` returns the
 * references in the schema that a reference leads to.
 */
export function leadingTo(
  ends: Iterable<string>,
  references: Iterable<string>,
  refsOf: (ref: string) => readonly string[],
): ReadonlySet<string> {
  const holders = new Map<string, string[]>();
  for (const ref of references)
    for (const inner of refsOf(ref)) {
      const known = holders.get(inner);
      if (known) known.push(ref);
      else holders.set(inner, [ref]);
    }
  const found = new Set<string>();
  const stack = [...ends];
  for (let ref = stack.pop(); ref !== undefined; ref = stack.pop()) {
    if (found.has(ref)) continue;
    found.add(ref);
    stack.push(...(holders.get(ref) ?? []));
  }
  return found;
}

/**
 * A schema, what it refers to, the parts in its `allOf`, and their parts in turn, each once: all of them apply to the
 * same value. `targetOf` returns the schema that a reference leads to.
 */
export function partsIn(
  root: JsonValue | undefined,
  targetOf: (ref: string) => JsonValue | undefined,
): readonly JsonObject[] {
  const found = new Set<JsonObject>();
  const stack = [root];
  while (stack.length > 0) {
    const next = stack.pop();
    if (!isObject(next) || found.has(next)) continue;
    found.add(next);
    const { $ref: ref, allOf } = next;
    if (typeof ref === 'string') stack.push(targetOf(ref));
    if (isList(allOf)) stack.push(...allOf);
  }
  return [...found];
}

/** `partsIn` for a cursor, which follows references itself. */
export function partsOf(schema: Cursor): readonly Cursor[] {
  const parts = new Map<unknown, Cursor>();
  const stack = [schema];
  for (let part = stack.pop(); part; part = stack.pop()) {
    if (parts.has(part.identity)) continue;
    parts.set(part.identity, part);
    const inner = part.get('allOf')?.items();
    if (inner) stack.push(...inner.toReversed());
  }
  return [...parts.values()];
}

/**
 * A schema and every schema inside it, each once and in document order. References are followed. Schemas in `seen` are
 * skipped, and new ones are added to it by their identity.
 */
export function* schemasAt(
  root: Cursor,
  { dialect = '2020-12', seen = new Set() }: { readonly dialect?: Dialect; readonly seen?: Set<unknown> } = {},
): Generator<Cursor> {
  const stack = [root];
  for (let cursor = stack.pop(); cursor; cursor = stack.pop()) {
    if (seen.has(cursor.identity)) continue;
    seen.add(cursor.identity);
    yield cursor;
    const inside = subschemaCursors(cursor, dialect);
    for (let index = inside.length - 1; index >= 0; index--) {
      const inner = inside[index]?.cursor;
      if (inner) stack.push(inner);
    }
  }
}

/** `subschemas` for a cursor. Cursors follow references, so the keys beside a `$ref` are not visited. */
export function subschemaCursors(
  schema: Cursor,
  dialect: Dialect = '2020-12',
): readonly { readonly keyword: string; readonly key: string | number | undefined; readonly cursor: Cursor }[] {
  return subschemas(schema.value, dialect).flatMap(({ keyword, key }) => {
    const cursor = key === undefined ? schema.get(keyword) : schema.at(keyword, key);
    return cursor ? [{ keyword, key, cursor }] : [];
  });
}

function withMembers(value: JsonValue, members: ReadonlyMap<string | number | undefined, JsonValue>): JsonValue {
  if (isList(value)) return value.map((item, index) => members.get(index) ?? item);
  if (isObject(value) && !members.has(undefined))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, members.get(key) ?? item]));
  return members.get(undefined) ?? value;
}

function isOnlyRef(schema: JsonObject, dialect: Dialect): boolean {
  return refStandsAlone(dialect) && typeof schema['$ref'] === 'string';
}

function isSchema(value: JsonValue): boolean {
  return typeof value === 'boolean' || isObject(value);
}
