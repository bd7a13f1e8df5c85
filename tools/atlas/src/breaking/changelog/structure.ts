import { childPointer, isList, isObject, type JsonValue } from '@atlas/ir';

/** The smallest parts of two values that differ, with their JSON Pointers. */
export interface Difference {
  readonly kind: 'added' | 'removed' | 'changed';
  /** Absent if it was added. */
  readonly old?: { readonly pointer: string; readonly value: JsonValue };
  /** Absent if it was removed. */
  readonly new?: { readonly pointer: string; readonly value: JsonValue };
}

/**
 * Walks two values in parallel. Members are paired by key. Items of lists are paired by what names them (a parameter by
 * name and place, an Avro field by name, a reference, a text by itself), else by position. The order of keys and of
 * named items is not a difference.
 */
export function* differences(
  old: JsonValue,
  next: JsonValue,
  pointers: readonly [string, string] = ['', ''],
): Iterable<Difference> {
  const pairs = pairsOf(old, next);
  const [before, after] = pointers;
  if (!pairs) {
    if (old === next) return;
    yield { kind: 'changed', old: { pointer: before, value: old }, new: { pointer: after, value: next } };
    return;
  }
  for (const { was, is } of pairs) {
    const from = was && { pointer: childPointer(before, was.key), value: was.value };
    const to = is && { pointer: childPointer(after, is.key), value: is.value };
    if (from && to) yield* differences(from.value, to.value, [from.pointer, to.pointer]);
    else if (from) yield { kind: 'removed', old: from };
    else if (to) yield { kind: 'added', new: to };
  }
}

interface Part {
  readonly key: string | number;
  readonly value: JsonValue;
}

interface Pair {
  readonly was?: Part;
  readonly is?: Part;
}

/** The parts of two objects or two lists; undefined for other values. */
function pairsOf(old: JsonValue, next: JsonValue): readonly Pair[] | undefined {
  if (isObject(old) && isObject(next)) return paired(entriesOf(old), entriesOf(next));
  if (isList(old) && isList(next)) return paired(itemsOf(old), itemsOf(next));
  return undefined;
}

function paired(old: ReadonlyMap<string, Part>, next: ReadonlyMap<string, Part>): readonly Pair[] {
  return [...new Set([...old.keys(), ...next.keys()])].map((name) => {
    const [was, is] = [old.get(name), next.get(name)];
    return { ...(was ? { was } : {}), ...(is ? { is } : {}) };
  });
}

function entriesOf(value: { readonly [key: string]: JsonValue | undefined }): ReadonlyMap<string, Part> {
  return new Map(Object.entries(value).map(([key, member = null]) => [key, { key, value: member }]));
}

function itemsOf(list: readonly JsonValue[]): ReadonlyMap<string, Part> {
  const items = new Map<string, Part>();
  for (const [key, value] of list.entries()) {
    const name = nameOf(value) ?? `at ${key}`;
    // If two items have one name, their positions distinguish them.
    items.set(items.has(name) ? `at ${key}` : name, { key, value });
  }
  return items;
}

/** What an item of a list is called by. */
function nameOf(item: JsonValue): string | undefined {
  if (!isObject(item)) return isList(item) ? undefined : JSON.stringify(item);
  const { $ref, name, in: where, url } = item;
  if (typeof $ref === 'string') return `$ref ${$ref}`;
  if (typeof name === 'string') return typeof where === 'string' ? `${where} ${name}` : name;
  return typeof url === 'string' ? url : undefined;
}
