import type { UnprovenReason } from '../finding.ts';
import type { Id } from '../hashcons/keywords.ts';
import { ANY, NEVER } from '../hashcons/store.ts';
import type { Env } from './env.ts';
import { joined } from './found.ts';

/** How many of the items from an index on have a schema. */
export interface Count {
  readonly schema: Id;
  readonly from: number;
  readonly min: number;
  readonly max: number;
}

/** A set of arrays. */
export interface ArrayAtom {
  readonly prefix: readonly Id[];
  /** The items after the prefix. */
  readonly rest: Id;
  readonly counts: readonly Count[];
  readonly min: number;
  readonly max: number;
  readonly unique: boolean;
  /** Whether at least two items are equal. */
  readonly repeats: boolean;
  readonly opaque: readonly UnprovenReason[];
  /** The items that were evaluated in place, for `unevaluatedItems`: the first ones, and matches of a `contains`. */
  readonly seen?: { readonly prefix: number; readonly matched: readonly Id[] };
}

export const ALL_ARRAYS: ArrayAtom = {
  prefix: [],
  rest: ANY,
  counts: [],
  min: 0,
  max: Infinity,
  unique: false,
  repeats: false,
  opaque: [],
};

/** The longest prefix that is built to say that no item from an index on has a schema. */
const LONGEST_PREFIX = 1_000;

export function itemOf(atom: ArrayAtom, index: number): Id {
  return atom.prefix[index] ?? atom.rest;
}

/** The arrays that are in both; undefined if a quick look shows that there are none. */
export function intersectArrays(a: ArrayAtom, b: ArrayAtom, env: Env): ArrayAtom | undefined {
  const { store } = env;
  const length = Math.max(a.prefix.length, b.prefix.length);
  store.work.spend(length);
  const prefix = Array.from({ length }, (_, index) => store.and(itemOf(a, index), itemOf(b, index)));
  return simplified(
    {
      prefix,
      rest: store.and(a.rest, b.rest),
      counts: distinct(a.counts, b.counts),
      min: Math.max(a.min, b.min),
      max: Math.min(a.max, b.max),
      unique: a.unique || b.unique,
      repeats: a.repeats || b.repeats,
      opaque: joined(a.opaque, b.opaque),
      ...(a.seen || b.seen
        ? {
            seen: {
              prefix: Math.max(a.seen?.prefix ?? 0, b.seen?.prefix ?? 0),
              matched: [...new Set([...(a.seen?.matched ?? []), ...(b.seen?.matched ?? [])])],
            },
          }
        : {}),
    },
    env,
  );
}

/** The same set with fewer counts, if possible; undefined if a quick look shows that it is empty. */
function simplified(given: ArrayAtom, { store }: Env): ArrayAtom | undefined {
  let { prefix, rest, max } = given;
  const counts: Count[] = [];
  for (const count of given.counts) {
    if (count.max < count.min || (count.schema === NEVER && count.min > 0)) return undefined;
    if (count.max > 0 || count.from > LONGEST_PREFIX) {
      counts.push(count);
      continue;
    }
    // at most 0 items have the schema, so each item lacks it
    const without = store.not(count.schema);
    const length = Math.max(prefix.length, count.from);
    prefix = Array.from({ length }, (_, index) => {
      const item = prefix[index] ?? rest;
      return index < count.from ? item : store.and(item, without);
    });
    rest = store.and(rest, without);
  }
  const stop = prefix.indexOf(NEVER);
  if (stop !== -1) max = Math.min(max, stop);
  else if (rest === NEVER) max = Math.min(max, prefix.length);
  const needed = Math.max(given.min, ...counts.map(({ from, min }) => (min > 0 ? from + min : 0)));
  if (needed > max || (given.unique && given.repeats)) return undefined;
  if (given.repeats && max < 2) return undefined;
  return { ...given, prefix, rest, counts, max, min: needed };
}

/** The arrays of `a` that are not in `b`, as a union. */
export function subtractArrays(a: ArrayAtom, b: ArrayAtom, env: Env): readonly ArrayAtom[] {
  const { store } = env;
  const pieces: ArrayAtom[] = [];
  const add = (piece: Partial<ArrayAtom>): void => {
    if (store.work.isSpent) return;
    const met = intersectArrays(a, { ...ALL_ARRAYS, ...piece }, env);
    if (met) pieces.push(met);
  };
  if (b.opaque.length > 0) add(b);
  if (b.min > a.min) add({ max: b.min - 1 });
  if (b.max < a.max) add({ min: b.max + 1 });
  const length = Math.max(b.prefix.length, Math.min(a.prefix.length, a.max));
  for (let index = 0; index < length; index += 1) {
    const own = itemOf(a, index);
    const schema = itemOf(b, index);
    if (index >= a.max || store.isWithin(own, schema)) continue;
    const prefix = [...Array.from({ length: index }, () => ANY), store.not(schema)];
    add({ prefix, min: index + 1 });
  }
  if (!store.isWithin(a.rest, b.rest))
    add({ counts: [{ schema: store.not(b.rest), from: length, min: 1, max: Infinity }] });
  for (const { schema, from, min, max } of b.counts) {
    if (min > 0) add({ counts: [{ schema, from, min: 0, max: min - 1 }] });
    if (max < Infinity) add({ counts: [{ schema, from, min: max + 1, max: Infinity }] });
  }
  if (b.unique && !a.unique) add({ repeats: true });
  if (b.repeats && !a.repeats) add({ unique: true });
  if (store.work.isSpent) return [{ ...a, opaque: joined(a.opaque, [store.work.reason]) }];
  return pieces;
}

function distinct(a: readonly Count[], b: readonly Count[]): readonly Count[] {
  const fresh = b.filter(
    (one) =>
      !a.some(
        ({ schema, from, min, max }) =>
          schema === one.schema && from === one.from && min === one.min && max === one.max,
      ),
  );
  return fresh.length === 0 ? a : [...a, ...fresh];
}
