import { deepKey } from '../hashcons/deepKey.ts';
import type { Id, Keywords } from '../hashcons/keywords.ts';
import { ANY, type Store } from '../hashcons/store.ts';

/** Steps of looking at one pair, apart from what is inside it. */
const STEPS_PER_PAIR = 20;

/**
 * Whether two schemas say the same in other words: a reference or what it refers to, a schema or `allOf`, `anyOf` or
 * `oneOf` of it alone, the same part twice, branches in another order. It compares only the form, so it also answers
 * if there are too many sets to compare. "No" means that the forms differ, not that the schemas do.
 */
export class Equality {
  readonly #store: Store;
  /** Whether two schemas without others inside them accept the same values. */
  readonly #areEqualLeaves: (a: Id, b: Id) => boolean;
  /** Pairs in progress count as equal. If two schemas differ, a walk without a loop reaches a difference. */
  readonly #assumed = new Set<string>();
  /** The same pairs, oldest first. */
  readonly #order: string[] = [];
  /** Pairs that differ, whatever is assumed. Many ways may lead to one: 2^n for n layers of `anyOf: [next, next]`. */
  readonly #different = new Set<string>();
  readonly #known = new Map<Id, readonly Id[]>();

  constructor(store: Store, areEqualLeaves: (a: Id, b: Id) => boolean) {
    this.#store = store;
    this.#areEqualLeaves = areEqualLeaves;
  }

  isSame(a: Id, b: Id): boolean {
    this.#takeBack(0);
    this.#different.clear();
    return this.#same(a, b);
  }

  #same(a: Id, b: Id): boolean {
    if (a === b) return true;
    const key = a < b ? `${a} ${b}` : `${b} ${a}`;
    if (this.#assumed.has(key)) return true;
    if (this.#different.has(key)) return false;
    if (!this.#store.work.spend(STEPS_PER_PAIR)) return false;
    const before = this.#order.push(key) - 1;
    this.#assumed.add(key);
    const [ours, theirs] = [this.#partsOf(a), this.#partsOf(b)];
    const has = (list: readonly Id[], one: Id): boolean => list.some((other) => this.#sameAlone(one, other));
    const isSame = ours.every((one) => has(theirs, one)) && theirs.every((one) => has(ours, one));
    // what was assumed on the way to "no" may be wrong
    if (!isSame) {
      this.#takeBack(before);
      this.#different.add(key);
    }
    return isSame;
  }

  /** Takes back all assumptions but the first `count`. */
  #takeBack(count: number): void {
    for (const key of this.#order.splice(count)) this.#assumed.delete(key);
  }

  /** A schema as parts: it accepts the values that all of them accept. Keywords that need each other share a part. */
  #partsOf(id: Id): readonly Id[] {
    const parts = this.#known.get(id) ?? this.#parts(id, new Set());
    this.#known.set(id, parts);
    return parts;
  }

  /** `seen` has the schemas whose parts are listed already. */
  #parts(id: Id, seen: Set<Id>): readonly Id[] {
    if (id === ANY || seen.has(id)) return [];
    seen.add(id);
    const keywords = this.#store.keywords(id);
    if (keywords.ref !== undefined) return this.#parts(this.#store.target(keywords.ref), seen);
    const { allOf = [], anyOf, oneOf, ...rest } = keywords;
    // these depend on the keywords beside them
    if (rest.closed || rest.unevaluatedItems !== undefined || rest.unevaluatedProperties !== undefined) return [id];
    const alone = [anyOf, oneOf].filter((branches) => branches?.length === 1).flatMap((branches) => branches ?? []);
    const own: Keywords = {
      ...rest,
      ...(anyOf && anyOf.length !== 1 ? { anyOf } : {}),
      ...(oneOf && oneOf.length !== 1 ? { oneOf } : {}),
    };
    const within = [...allOf, ...alone].flatMap((part) => this.#parts(part, seen));
    return Object.keys(own).length === 0 ? within : [this.#store.intern(own), ...within];
  }

  /** Whether two schemas have the same keywords. */
  #sameAlone(a: Id, b: Id): boolean {
    if (a === b) return true;
    const [ours, theirs] = [this.#store.keywords(a), this.#store.keywords(b)];
    if (isLeaf(ours) && isLeaf(theirs)) return this.#areEqualLeaves(a, b);
    const keys = KEYS.filter((key) => ours[key] !== undefined || theirs[key] !== undefined);
    const isPlain = deepKey(withoutSchemas(ours)) === deepKey(withoutSchemas(theirs));
    return isPlain && keys.every((key) => this.#sameKeyword(key, ours[key], theirs[key]));
  }

  #sameKeyword(key: (typeof KEYS)[number], ours: Keywords[typeof key], theirs: Keywords[typeof key]): boolean {
    if (typeof ours === 'number' || typeof theirs === 'number')
      return typeof ours === 'number' && typeof theirs === 'number' && this.#same(ours, theirs);
    const [list, other] = [idsOf(ours), idsOf(theirs)];
    if (key === 'anyOf') {
      const has = (all: readonly Entry[], { id }: Entry): boolean => all.some((one) => this.#same(id, one.id));
      return list.every((one) => has(other, one)) && other.every((one) => has(list, one));
    }
    if (list.length !== other.length) return false;
    if (key !== 'oneOf' && key !== 'allOf')
      return list.every(({ name, id }, index) => name === other[index]?.name && this.#same(id, other[index].id));
    // `oneOf` counts: a branch that is there twice accepts nothing, so each branch needs a partner of its own
    const left = [...other];
    return list.every(({ id }) => {
      const index = left.findIndex((one) => this.#same(id, one.id));
      if (index !== -1) left.splice(index, 1);
      return index !== -1;
    });
  }
}

/** Keywords that contain schemas. */
const KEYS = [
  'prefixItems',
  'items',
  'contains',
  'properties',
  'patternProperties',
  'additionalProperties',
  'propertyNames',
  'dependentSchemas',
  'allOf',
  'anyOf',
  'oneOf',
  'not',
  'if',
  'then',
  'else',
  'unevaluatedItems',
  'unevaluatedProperties',
] as const satisfies readonly (keyof Keywords)[];

const HOLDING: ReadonlySet<string> = new Set(KEYS);

function isLeaf(keywords: Keywords): boolean {
  return KEYS.every((key) => keywords[key] === undefined);
}

function withoutSchemas(keywords: Keywords): Keywords {
  return Object.fromEntries(Object.entries(keywords).filter(([key]) => !HOLDING.has(key)));
}

/** A schema inside another, by its name or its index. */
interface Entry {
  readonly name: string;
  readonly id: Id;
}

function idsOf(value: readonly (Id | readonly [string, Id])[] | undefined): readonly Entry[] {
  return (value ?? []).map((item, index) =>
    typeof item === 'number' ? { name: String(index), id: item } : { name: item[0], id: item[1] },
  );
}
