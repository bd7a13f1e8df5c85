import type { JsonValue } from '@atlas/ir';
import type { UnprovenReason } from '../finding.ts';
import { deepKey } from '../hashcons/deepKey.ts';
import type { Id } from '../hashcons/keywords.ts';
import { itemOf, type ArrayAtom, type Count } from './arrays.ts';
import type { Env } from './env.ts';
import { bounded, EMPTY, found, hidden, joined, unknown, type Found } from './found.ts';

/** The most items of a witness. Nobody reads a longer one. */
const MOST_ITEMS = 1_100;
/** The most items that are chosen so that all are different. */
const MOST_UNIQUE = 40;

/** A short array of the set. */
export function sampleArray(atom: ArrayAtom, env: Env): Found {
  return bounded(hidden(search(atom, env), atom.opaque), env.store.work);
}

function search(atom: ArrayAtom, env: Env): Found {
  const reach = reachOf(atom, env);
  if (reach < atom.min) return EMPTY;
  if (atom.repeats) return withRepeat({ ...atom, max: Math.min(atom.max, reach) }, env);
  const [count, second] = atom.counts.filter(({ min, max }) => min > 0 || max < Infinity);
  if (count === undefined) return built(atom, atom.min, () => undefined, env);
  if (second !== undefined) return withCounts(atom, reach, env);
  return withCount(atom, count, reach, env);
}

/** The most items that an array can have: it ends before the first index whose schema has no value. */
function reachOf(atom: ArrayAtom, env: Env): number {
  for (let index = 0; index < Math.min(atom.prefix.length, atom.max); index += 1)
    if (env.inhabit(itemOf(atom, index)).kind === 'empty') return index;
  if (atom.max <= atom.prefix.length) return atom.max;
  return env.inhabit(atom.rest).kind === 'empty' ? atom.prefix.length : atom.max;
}

/** An array with a number of items; `extra` restricts the item at an index. */
function built(atom: ArrayAtom, length: number, extra: (index: number) => Id | undefined, env: Env): Found {
  if (length > MOST_ITEMS) return unknown([counting(`at least ${length} items`)]);
  if (atom.unique && length > MOST_UNIQUE) return unknown([counting(`at least ${length} different items`)]);
  const { store } = env;
  const items: JsonValue[] = [];
  let reasons: readonly UnprovenReason[] = [];
  let isWhole = true;
  for (let index = 0; index < length; index += 1) {
    const parts = [itemOf(atom, index), extra(index)].filter((id) => id !== undefined);
    const item = store.and(...parts);
    const fresh = atom.unique && items.length > 0 ? store.and(item, store.not(store.oneOf(sorted(items)))) : item;
    const result = env.inhabit(fresh);
    if (result.kind === 'empty') {
      // no different item is left: the schema of all items has too few values, or earlier items were chosen badly
      const same =
        atom.prefix.length === 0 && Array.from({ length }, (_, at) => extra(at)).every((id) => id === undefined);
      if (items.length === 0 || env.inhabit(item).kind === 'empty' || (same && reasons.length === 0)) return EMPTY;
      return unknown([...reasons, counting('different items')]);
    }
    if (result.kind === 'unknown') reasons = joined(reasons, result.reasons);
    const value = result.kind === 'value' ? result.value : result.candidate;
    if (value === undefined) isWhole = false;
    else items.push(value);
  }
  if (reasons.length === 0) return found(items);
  return isWhole ? unknown(reasons, items) : unknown(reasons);
}

/** An array with two equal items, at each two indexes of the prefix and the two indexes after it. */
function withRepeat(atom: ArrayAtom, env: Env): Found {
  const { store } = env;
  let reasons: readonly UnprovenReason[] = atom.counts.length > 0 ? [counting('equal items beside other counts')] : [];
  const places = Math.min(atom.prefix.length + 2, atom.max);
  for (let second = 1; second < places; second += 1)
    for (let first = 0; first < second; first += 1) {
      const shared = env.inhabit(store.and(itemOf(atom, first), itemOf(atom, second)));
      if (shared.kind === 'unknown') reasons = joined(reasons, shared.reasons);
      if (shared.kind !== 'value') continue;
      const same = store.oneOf([shared.value]);
      const at = (index: number): Id | undefined => (index === first || index === second ? same : undefined);
      const result = built({ ...atom, counts: [] }, Math.max(atom.min, second + 1), at, env);
      if (result.kind === 'value' && atom.counts.length > 0) return unknown(reasons, result.value);
      if (result.kind === 'value') return result;
      if (result.kind === 'unknown') reasons = joined(reasons, result.reasons);
    }
  return reasons.length === 0 ? EMPTY : unknown(reasons);
}

/** An array with one condition on how many items have a schema: each item is chosen to have it or to lack it. */
function withCount(atom: ArrayAtom, count: Count, reach: number, env: Env): Found {
  const { store } = env;
  const { schema, from, min, max } = count;
  const without = store.not(schema);
  const can = (index: number, part: Id): Found['kind'] => env.inhabit(store.and(itemOf(atom, index), part)).kind;
  let reasons: readonly UnprovenReason[] = [];
  const ends = new Set([Math.max(atom.min, from + min), Math.min(reach, Math.max(atom.min, atom.prefix.length + min))]);
  for (const length of ends) {
    if (length > reach || length > MOST_ITEMS) continue;
    const places = Array.from({ length: Math.max(0, length - from) }, (_, index) => from + index);
    // items that cannot lack the schema have it, and further ones from the end until there are enough
    const chosen = new Set(places.filter((index) => can(index, without) === 'empty'));
    for (const index of places.toReversed()) if (chosen.size < min && can(index, schema) !== 'empty') chosen.add(index);
    if (chosen.size < min || chosen.size > max) continue;
    const extra = (index: number): Id | undefined => (index < from ? undefined : chosen.has(index) ? schema : without);
    const result = built(atom, length, extra, env);
    if (result.kind === 'value') return result;
    if (result.kind === 'unknown') reasons = joined(reasons, result.reasons);
  }
  return reasons.length === 0 && isImpossible(atom, count, reach, env)
    ? EMPTY
    : unknown([...reasons, counting('items that have a schema')]);
}

/** Whether one condition alone can't be met, whatever the other items are. */
function isImpossible(atom: ArrayAtom, { schema, from, min, max }: Count, reach: number, env: Env): boolean {
  const { store } = env;
  const last = Math.min(reach, atom.prefix.length);
  let matching = 0;
  for (let index = from; index < last; index += 1)
    if (env.inhabit(store.and(itemOf(atom, index), schema)).kind !== 'empty') matching += 1;
  const restMatches = env.inhabit(store.and(atom.rest, schema)).kind !== 'empty';
  const room = restMatches ? Math.max(0, reach - Math.max(from, last)) : 0;
  if (matching + room < min) return true;
  // more items than allowed cannot lack the schema
  let forced = 0;
  const shortest = Math.max(atom.min, from + min);
  for (let index = from; index < Math.min(shortest, MOST_ITEMS); index += 1)
    if (env.inhabit(store.and(itemOf(atom, index), store.not(schema))).kind === 'empty') forced += 1;
  return forced > max;
}

/** An array with several conditions: each is met by items of its own after the prefix, or all by the same items. */
function withCounts(atom: ArrayAtom, reach: number, env: Env): Found {
  const { store } = env;
  const impossible = atom.counts.some((count) => isImpossible(atom, count, reach, env));
  if (impossible) return EMPTY;
  const wanted = atom.counts.filter(({ min }) => min > 0);
  const start = Math.max(atom.prefix.length, ...atom.counts.map(({ from }) => from));
  const plans = [
    wanted.flatMap(({ schema, min }) => Array.from({ length: Math.min(min, MOST_ITEMS) }, () => schema)),
    Array.from({ length: Math.max(0, ...wanted.map(({ min }) => Math.min(min, MOST_ITEMS))) }, () =>
      store.and(...wanted.map(({ schema }) => schema)),
    ),
  ];
  let candidate: JsonValue | undefined;
  for (const plan of plans)
    for (const at of [start, Math.max(0, ...atom.counts.map(({ from }) => from))]) {
      const length = Math.max(atom.min, at + plan.length);
      if (length > reach) continue;
      const result = built(atom, length, (index) => plan[index - at], env);
      if (result.kind !== 'value') continue;
      if (atom.counts.every((count) => isCounted(result.value, count, env))) return result;
      candidate ??= result.value;
    }
  return unknown([counting('items that have several schemas')], candidate);
}

function isCounted(value: JsonValue, { schema, from, min, max }: Count, env: Env): boolean {
  if (!Array.isArray(value)) return false;
  const items: readonly JsonValue[] = value.slice(from);
  const verdicts = items.map((item) => env.accepts(schema, item));
  const matching = verdicts.filter((verdict) => verdict === true).length;
  return !verdicts.includes(undefined) && matching >= min && matching <= max;
}

function sorted(values: readonly JsonValue[]): readonly JsonValue[] {
  return values.toSorted((a, b) => (deepKey(a) < deepKey(b) ? -1 : 1));
}

function counting(detail: string): UnprovenReason {
  return { kind: 'counting', detail };
}
