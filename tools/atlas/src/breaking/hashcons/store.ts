import type { JsonValue } from '@atlas/ir';
import type { Work } from '../budget.ts';
import { deepKey } from './deepKey.ts';
import type { Id, Keywords } from './keywords.ts';

/** Accepts every value. */
export const ANY: Id = 0;
/** Accepts no value. */
export const NEVER: Id = 1;

/** Letters of a key that are written and looked up in one step. */
const LETTERS_PER_STEP = 50;

/**
 * Schemas by content: each distinct one is kept once, bottom-up, so that comparing two schemas is comparing two numbers
 * (hash-consing). A reference is a leaf, so cycles are harmless here.
 */
export class Store {
  readonly work: Work;
  readonly #nodes: Keywords[] = [{}, { anyOf: [] }];
  readonly #ids = new Map<string, Id>([
    [keyOf({}), ANY],
    [keyOf({ anyOf: [] }), NEVER],
  ]);
  readonly #targets = new Map<string, Id>();
  readonly #open = new Map<Id, Id>();
  readonly #target: (ref: string) => Id;
  readonly #accepts: (id: Id, value: JsonValue) => boolean | undefined;

  /**
   * `target` reads what a reference means, once. `accepts` judges a single value; undefined if it cannot. `work` is
   * spent by all that is done with the schemas.
   */
  constructor(target: (ref: string) => Id, accepts: (id: Id, value: JsonValue) => boolean | undefined, work: Work) {
    this.work = work;
    this.#target = target;
    this.#accepts = accepts;
  }

  get size(): number {
    return this.#nodes.length;
  }

  keywords(id: Id): Keywords {
    return this.#nodes[id] ?? {};
  }

  intern(keywords: Keywords): Id {
    const key = keyOf(keywords);
    this.work.spend(1 + Math.floor(key.length / LETTERS_PER_STEP));
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.#nodes.length;
    this.#nodes.push(keywords);
    this.#ids.set(key, id);
    return id;
  }

  /** Like `intern`, but a finite set of values that other keywords restrict becomes the smaller set at once. */
  internCut(keywords: Keywords): Id {
    const { enum: listed, ...others } = keywords;
    const rest = Object.keys(others);
    if (listed === undefined || rest.length === 0 || !listed.every(isScalar) || !rest.every((key) => CUTTING.has(key)))
      return this.intern(keywords);
    const other = this.intern(others);
    const verdicts = listed.map((value) => this.#accepts(other, value));
    if (verdicts.includes(undefined)) return this.intern(keywords);
    return this.oneOf(listed.filter((_, index) => verdicts[index] === true));
  }

  /** The schema behind a reference. */
  target(ref: string): Id {
    const known = this.#targets.get(ref);
    if (known !== undefined) return known;
    const id = this.#target(ref);
    this.#targets.set(ref, id);
    return id;
  }

  /** Notes that `narrow` is the writer's reading of `wide`, and so accepts no more. */
  setWithin(narrow: Id, wide: Id): void {
    if (narrow !== wide) this.#open.set(narrow, wide);
  }

  /** The schema that this one is the writer's reading of; the schema itself if it is not such a reading. */
  openOf(id: Id): Id {
    return this.#open.get(id) ?? id;
  }

  /** Whether the ids alone say that everything in `narrow` is in `wide`. */
  isWithin(narrow: Id, wide: Id): boolean {
    return narrow === wide || wide === ANY || narrow === NEVER || this.#open.get(narrow) === wide;
  }

  not(id: Id): Id {
    if (id === ANY) return NEVER;
    if (id === NEVER) return ANY;
    const { not } = this.keywords(id);
    return not !== undefined && isOnly(this.keywords(id)) ? not : this.intern({ not: id });
  }

  and(...parts: readonly Id[]): Id {
    const flat = new Set<Id>();
    for (const part of parts) for (const id of this.conjuncts(part)) if (id !== ANY) flat.add(id);
    if (flat.has(NEVER)) return NEVER;
    const ids = [...flat].sort((a, b) => a - b);
    this.work.spend(1 + Math.floor(ids.length / 4));
    for (const id of ids) {
      const { not } = this.keywords(id);
      if (not === undefined || !isOnly(this.keywords(id))) continue;
      if (this.conjuncts(not).every((part) => ids.some((other) => this.isWithin(other, part)))) return NEVER;
    }
    const first = ids[0];
    if (first === undefined) return ANY;
    if (ids.length === 1) return first;
    return this.#filtered(ids) ?? this.intern({ allOf: ids });
  }

  or(...parts: readonly Id[]): Id {
    const ids = [...new Set(parts.filter((id) => id !== NEVER))].sort((a, b) => a - b);
    const first = ids[0];
    if (first === undefined) return NEVER;
    if (ids.includes(ANY)) return ANY;
    return ids.length === 1 ? first : this.intern({ anyOf: ids });
  }

  oneOf(values: readonly JsonValue[]): Id {
    return values.length === 0 ? NEVER : this.intern({ enum: values });
  }

  /** The parts of a conjunction; the schema itself if it is not a conjunction. */
  conjuncts(id: Id): readonly Id[] {
    const keywords = this.keywords(id);
    return keywords.allOf !== undefined && isOnly(keywords) ? keywords.allOf : [id];
  }

  /**
   * A finite set that other schemas restrict becomes the smaller set at once, because tags of unions are intersected
   * all the time.
   */
  #filtered(ids: readonly Id[]): Id | undefined {
    const finite = ids.find((id) => isScalars(this.keywords(id)));
    if (finite === undefined) return undefined;
    const others = ids.filter((id) => id !== finite);
    const kept: JsonValue[] = [];
    for (const value of this.keywords(finite).enum ?? []) {
      const verdicts = others.map((id) => this.#accepts(id, value));
      if (verdicts.includes(false)) continue;
      if (verdicts.includes(undefined)) return undefined;
      kept.push(value);
    }
    return this.oneOf(kept);
  }
}

/** `deepKey` of keywords, faster: only data has objects, and only their keys may be in any order. */
function keyOf(keywords: Keywords): string {
  const { enum: listed, opaque, ...others } = keywords;
  const parts = Object.entries(others)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => (value === undefined ? '' : `${name}:${JSON.stringify(value)}`));
  if (listed !== undefined) parts.push(`enum:${deepKey(listed)}`);
  if (opaque !== undefined) parts.push(`opaque:${deepKey(opaque)}`);
  return parts.join();
}

function isOnly(keywords: Keywords): boolean {
  let count = 0;
  for (const _ in keywords) if (++count > 1) return false;
  return count === 1;
}

function isScalars(keywords: Keywords): boolean {
  return keywords.enum !== undefined && isOnly(keywords) && keywords.enum.every(isScalar);
}

function isScalar(value: JsonValue): boolean {
  return value === null || typeof value !== 'object';
}

/** Keywords that judge a single value without other schemas. */
const CUTTING: ReadonlySet<string> = new Set([
  'exclusiveMaximum',
  'exclusiveMinimum',
  'format',
  'maxLength',
  'maximum',
  'minLength',
  'minimum',
  'multipleOf',
  'pattern',
  'types',
]);
