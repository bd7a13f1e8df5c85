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
  if (!isObject(schema) || isOnlyRef(schema, dialect)) return [];
  const table = keywordsOf(dialect);
  return Object.entries(schema).flatMap(([keyword, value]): readonly Subschema[] => {
    const holds = table.get(keyword)?.holds;
    if (holds === undefined || value === undefined) return [];
    if (isList(value))
      return holds === 'list' || holds === 'schema-or-list'
        ? value.flatMap((item, key) => (isSchema(item) ? [{ keyword, key, schema: item }] : []))
        : [];
    if (holds === 'map')
      return isObject(value)
        ? Object.entries(value).flatMap(([key, item]) =>
            item !== undefined && isSchema(item) ? [{ keyword, key, schema: item }] : [],
          )
        : [];
    return holds !== 'list' && isSchema(value) ? [{ keyword, key: undefined, schema: value }] : [];
  });
}

/** A schema and all schemas inside it, in document order, each with its JSON Pointer. `pointer` is the root's. */
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
  const changed = new Map<string, Map<string | number | undefined, JsonValue>>();
  for (const { keyword, key, schema: inner } of subschemas(schema, dialect)) {
    const result = change(inner, keyword);
    if (result === inner) continue;
    const members = changed.get(keyword) ?? new Map<string | number | undefined, JsonValue>();
    changed.set(keyword, members.set(key, result));
  }
  if (changed.size === 0) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => {
      const members = changed.get(keyword);
      return [keyword, members === undefined || value === undefined ? value : withMembers(value, members)];
    }),
  );
}

/**
 * Applies `change` to a schema and all schemas inside it, the innermost first: the schemas inside its first argument
 * are changed already, and its second argument is the schema as it was. An object that occurs several times (a YAML
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
  const stack = [{ schema: root, entered: false }];
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { schema, entered } = next;
    if (results.has(schema)) continue;
    if (entered) {
      results.set(schema, change(mapSubschemas(schema, resultOf, dialect), schema));
      continue;
    }
    stack.push({ schema, entered: true });
    for (const { schema: inner, keyword } of subschemas(schema, dialect).toReversed())
      if (isObject(inner) && enter(keyword)) stack.push({ schema: inner, entered: false });
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
 * The references that lead on from a schema, directly or through other references: each once, depth first. `targetOf`
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
 * Those of the references that lead to one of `ends`, directly or through others, and `ends` themselves. `refsOf`
 * returns the references in the schema that a reference leads to.
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
 * A schema, what it refers to, the parts in its `allOf`, and theirs in turn, each once: all of them apply to the same
 * value. `targetOf` returns the schema that a reference leads to.
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
  const parts = new Map<string, Cursor>();
  const stack = [schema];
  for (let part = stack.pop(); part; part = stack.pop()) {
    const identity = `${part.file}#${part.pointer}`;
    if (parts.has(identity)) continue;
    parts.set(identity, part);
    stack.push(...(part.get('allOf')?.items() ?? []).toReversed());
  }
  return [...parts.values()];
}

/**
 * A schema and every schema inside it, references followed, each once and in document order. Schemas in `seen` are
 * skipped, and new ones are added to it as `file#pointer`.
 */
export function* schemasAt(
  root: Cursor,
  { dialect = '2020-12', seen = new Set<string>() }: { readonly dialect?: Dialect; readonly seen?: Set<string> } = {},
): Generator<Cursor> {
  const stack = [root];
  for (let cursor = stack.pop(); cursor; cursor = stack.pop()) {
    const identity = `${cursor.file}#${cursor.pointer}`;
    if (seen.has(identity)) continue;
    seen.add(identity);
    yield cursor;
    for (const { cursor: inner } of subschemaCursors(cursor, dialect).toReversed()) stack.push(inner);
  }
}

/** `subschemas` for a cursor. Cursors follow references, so that the keys beside a `$ref` are not seen. */
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
