import type { UnprovenReason } from '../finding.ts';
import type { Id } from '../hashcons/keywords.ts';
import { ANY, NEVER } from '../hashcons/store.ts';
import type { Env } from './env.ts';
import { joined } from './found.ts';

/** A condition on members by name: `names` is a schema of strings. */
export interface NameClass {
  readonly names: Id;
  readonly schema: Id;
}

/** A set of objects. */
export interface ObjectAtom {
  /** Everything that the set says about these names; no class applies to them. */
  readonly properties: ReadonlyMap<string, Id>;
  /** Every member whose name is in the class, but not in `properties`, has the schema. */
  readonly classes: readonly NameClass[];
  /** Some member, of any name in the class, has its schema. */
  readonly some: readonly NameClass[];
  readonly required: ReadonlySet<string>;
  readonly min: number;
  readonly max: number;
  readonly opaque: readonly UnprovenReason[];
  /**
   * The names, and classes of names, that were evaluated in place, for `unevaluatedProperties`. Absent unless tracked.
   */
  readonly seen?: { readonly names: ReadonlySet<string>; readonly classes: readonly Id[] };
}

export const ALL_OBJECTS: ObjectAtom = {
  properties: new Map(),
  classes: [],
  some: [],
  required: new Set(),
  min: 0,
  max: Infinity,
  opaque: [],
};

/** The schema of the member with a name, in the objects of a set. */
export function memberOf(atom: ObjectAtom, name: string, env: Env): Id {
  const own = atom.properties.get(name);
  if (own !== undefined) return own;
  const parts = atom.classes.flatMap(({ names, schema }) => {
    const verdict = env.accepts(names, name);
    if (verdict === undefined) return [env.store.intern({ opaque: nameUnknown(name) })];
    return verdict ? [schema] : [];
  });
  return parts.length === 0 ? ANY : env.store.and(...parts);
}

function nameUnknown(name: string): UnprovenReason {
  return { kind: 'pattern-syntax', detail: `whether a pattern matches the name ${JSON.stringify(name)}` };
}

/** The objects that are in both; undefined if a quick look shows that there are none. */
export function intersectObjects(a: ObjectAtom, b: ObjectAtom, env: Env): ObjectAtom | undefined {
  env.store.work.spend(a.properties.size + b.properties.size + a.classes.length + b.classes.length);
  if (areApart(a, b, env)) return undefined;
  const min = Math.max(a.min, b.min);
  const max = Math.min(a.max, b.max);
  const required = b.required.size === 0 ? a.required : new Set([...a.required, ...b.required]);
  if (min > max || required.size > max) return undefined;
  const properties = new Map(a.properties);
  if (b.classes.length > 0)
    for (const [name, schema] of a.properties)
      if (!b.properties.has(name)) properties.set(name, env.store.and(schema, memberOf(b, name, env)));
  for (const [name, schema] of b.properties) properties.set(name, env.store.and(schema, memberOf(a, name, env)));
  const merged: ObjectAtom = {
    properties,
    classes: distinct(a.classes, b.classes),
    some: distinct(a.some, b.some),
    required,
    min,
    max,
    opaque: joined(a.opaque, b.opaque),
    ...(a.seen || b.seen ? { seen: bothSeen(a.seen, b.seen) } : {}),
  };
  for (const name of required) if (memberOf(merged, name, env) === NEVER) return undefined;
  return merged.some.some(({ schema }) => schema === NEVER) ? undefined : merged;
}

/** The objects of `a` that are not in `b`, as a union. */
export function subtractObjects(a: ObjectAtom, b: ObjectAtom, env: Env): readonly ObjectAtom[] {
  const { store } = env;
  if (areApart(a, b, env)) return [a];
  const pieces: ObjectAtom[] = [];
  const add = (piece: Partial<ObjectAtom>): void => {
    if (store.work.isSpent) return;
    const met = intersectObjects(a, { ...ALL_OBJECTS, ...piece }, env);
    if (met) pieces.push(met);
  };
  if (b.opaque.length > 0) add({ ...b });
  if (b.min > Math.max(a.min, a.required.size)) add({ max: b.min - 1 });
  if (b.max < a.max) add({ min: b.max + 1 });
  for (const name of b.required) if (!a.required.has(name)) add({ properties: new Map([[name, NEVER]]) });
  for (const [name, schema] of b.properties) {
    const own = memberOf(a, name, env);
    if (store.isWithin(own, schema) || store.and(own, store.not(schema)) === NEVER) continue;
    add({ properties: new Map([[name, store.not(schema)]]), required: new Set([name]) });
  }
  for (const { names, schema } of b.classes) {
    // names that only `a` declares are looked at one by one
    const others = [...a.properties.keys()].filter((name) => !b.properties.has(name));
    for (const name of others) {
      const own = memberOf(a, name, env);
      const verdict = env.accepts(names, name);
      if (verdict === false || store.isWithin(own, schema)) continue;
      add({
        properties: new Map([[name, store.not(schema)]]),
        required: new Set([name]),
        opaque: verdict === undefined ? [nameUnknown(name)] : [],
      });
    }
    const known = [...new Set([...a.properties.keys(), ...b.properties.keys()])].toSorted();
    const rest = store.and(names, store.not(store.oneOf(known)));
    if (rest === NEVER || hasClass(a, names, schema, env)) continue;
    add({ some: [{ names: rest, schema: store.not(schema) }] });
  }
  for (const { names, schema } of b.some) {
    add({ classes: [{ names, schema: store.not(schema) }] });
  }
  if (store.work.isSpent) return [{ ...a, opaque: joined(a.opaque, [store.work.reason]) }];
  return pieces;
}

/**
 * Whether a quick look shows that nothing is in both: one requires a member whose values differ from those of the
 * other.
 */
function areApart(a: ObjectAtom, b: ObjectAtom, env: Env): boolean {
  if (a.required.size > b.max || b.required.size > a.max) return true;
  for (const name of a.required) if (meet(a, b, name, env) === NEVER) return true;
  for (const name of b.required) if (!a.required.has(name) && meet(a, b, name, env) === NEVER) return true;
  return false;
}

function meet(a: ObjectAtom, b: ObjectAtom, name: string, env: Env): Id {
  return env.store.and(memberOf(a, name, env), memberOf(b, name, env));
}

/** Whether every member of the class that is in `a` has the schema already. */
function hasClass(a: ObjectAtom, names: Id, schema: Id, env: Env): boolean {
  return a.classes.some((own) => env.store.isWithin(names, own.names) && env.store.isWithin(own.schema, schema));
}

function distinct(a: readonly NameClass[], b: readonly NameClass[]): readonly NameClass[] {
  if (b.length === 0) return a;
  const fresh = b.filter((one) => !a.some(({ names, schema }) => names === one.names && schema === one.schema));
  return [...a, ...fresh];
}

function bothSeen(a: ObjectAtom['seen'], b: ObjectAtom['seen']): NonNullable<ObjectAtom['seen']> {
  return {
    names: new Set([...(a?.names ?? []), ...(b?.names ?? [])]),
    classes: [...new Set([...(a?.classes ?? []), ...(b?.classes ?? [])])],
  };
}
