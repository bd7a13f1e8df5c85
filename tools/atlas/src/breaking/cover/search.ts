import type { JsonValue } from '@atlas/ir';
import type { UnprovenReason } from '../finding.ts';
import type { Id } from '../hashcons/keywords.ts';
import { ANY, NEVER, Store } from '../hashcons/store.ts';
import type { Env } from '../normal/env.ts';
import { Algebra, EVERYTHING, type Forms, type Kind } from '../normal/forms.ts';
import { Normal } from '../normal/formsOf.ts';
import { EMPTY, joined, unknown, type Found } from '../normal/found.ts';
import { Patterns } from '../regex/patterns.ts';
import type { Budget } from '../schemas.ts';
import { Work } from '../budget.ts';
import { Judge } from '../witness/judge.ts';
import { Equality } from './equality.ts';

/** An answer that assumes that schemas in progress have no value. `low` is the smallest depth of these schemas. */
interface Provisional {
  readonly result: Found;
  readonly low: number;
}

/** Steps of looking at one case, apart from its sample and the sets that are taken away from it. */
const STEPS_PER_SPLIT = 20;
const STEPS_PER_SUBTRACTION = 3;

/**
 * Looks for a value that a schema accepts. This answers all questions: the reader covers the writer if "the writer and
 * not the reader" is empty, and a value that is found is the counter-example.
 *
 * Recursive schemas: a schema that the search meets again while it looks at it counts as empty, because the smallest
 * value of a schema never contains another value of it. An "empty" that depends on such an assumption is kept only if
 * the assumed schema itself turns out to be empty. A value that was found is valid in any case.
 */
export class Search implements Env {
  readonly store: Store;
  readonly patterns: Patterns;
  readonly #judge: Judge;
  readonly #algebra: Algebra;
  readonly #normal: Normal;
  readonly #equality: Equality;
  readonly #known = new Map<Id, Found>();
  readonly #provisional = new Map<Id, Provisional>();
  readonly #active = new Map<Id, number>();
  /** The smallest depth of the schemas in progress that the current answer depends on. */
  #low = Infinity;
  readonly #work: Work;

  constructor(target: (ref: string) => Id, budget: Budget) {
    this.#work = new Work(budget);
    this.patterns = new Patterns(this.#work);
    this.store = new Store(target, (id, value) => this.accepts(id, value), this.#work);
    this.#judge = new Judge(this.store, this.patterns);
    this.#algebra = new Algebra(this);
    this.#normal = new Normal(this, this.#algebra);
    this.#equality = new Equality(this.store, (a, b) => this.#areEqualLeaves(a, b));
  }

  /** Begins a question. The search keeps what it knows. */
  begin(): void {
    this.#work.begin();
    this.#normal.forgetUnsure();
  }

  accepts(id: Id, value: JsonValue): boolean | undefined {
    return this.#judge.accepts(id, value);
  }

  /**
   * A value of the writer that the reader refuses; empty if the reader covers the writer. If the search gives up, the
   * forms of both are compared, so that a schema that only got other words is not unproven.
   */
  uncovered(writer: Id, reader: Id): Found {
    if (this.store.isWithin(writer, reader)) return EMPTY;
    const found = this.inhabit(this.store.and(writer, this.store.not(reader)));
    if (found.kind !== 'unknown') return found;
    this.begin();
    return this.isSame(writer, reader) ? EMPTY : found;
  }

  /** Whether the forms of two schemas are the same, if the writer is read as it is written. */
  isSame(writer: Id, reader: Id): boolean {
    return this.#equality.isSame(this.store.openOf(writer), reader);
  }

  #areEqualLeaves(a: Id, b: Id): boolean {
    const isWithin = (narrow: Id, wide: Id): boolean =>
      this.inhabit(this.store.and(narrow, this.store.not(wide))).kind === 'empty';
    return isWithin(a, b) && isWithin(b, a);
  }

  inhabit(id: Id): Found {
    if (id === NEVER) return EMPTY;
    if (id === ANY) return { kind: 'value', value: {} };
    const known = this.#known.get(id);
    if (known) return known;
    const provisional = this.#provisional.get(id);
    if (provisional) {
      this.#low = Math.min(this.#low, provisional.low);
      return provisional.result;
    }
    const active = this.#active.get(id);
    if (active !== undefined) {
      this.#low = Math.min(this.#low, active);
      return EMPTY;
    }
    const depth = this.#active.size;
    const most = this.#work.budget.depth;
    if (depth >= most) return unknown([tooDeep(most)]);
    if (this.#work.isSpent) return unknown([this.#work.reason]);
    const outer = this.#low;
    this.#low = Infinity;
    this.#active.set(id, depth);
    const before = this.#provisional.size;
    const result = this.#find(id);
    this.#active.delete(id);
    this.#keep(id, result, depth, before);
    this.#low = Math.min(outer, result.kind === 'value' ? Infinity : this.#low >= depth ? Infinity : this.#low);
    return result;
  }

  #keep(id: Id, result: Found, depth: number, before: number): void {
    const since = this.#provisional.size > before ? [...this.#provisional].slice(before) : [];
    // the next pair has a budget of its own, and may find more
    const isFinal = result.kind !== 'unknown' || !this.#work.isSpent;
    if (result.kind === 'value' || (isFinal && this.#low >= depth)) this.#known.set(id, result);
    if (result.kind === 'empty') {
      if (this.#low < depth) this.#provisional.set(id, { result, low: this.#low });
      else
        for (const [other, { result: empty }] of since) {
          this.#known.set(other, empty);
          this.#provisional.delete(other);
        }
      return;
    }
    // answers that assumed that this schema is empty have to be found again
    for (const [other] of since) this.#provisional.delete(other);
    if (result.kind === 'unknown' && isFinal && this.#low < depth)
      this.#provisional.set(id, { result, low: this.#low });
  }

  /** Intersects the positive parts, then takes the negative parts away one by one, as long as something is left. */
  #find(id: Id): Found {
    let forms: Forms = EVERYTHING;
    const negated: Id[] = [];
    const away: Forms[] = [];
    const back: Id[] = [];
    const parts = this.store.conjuncts(id);
    for (const part of parts) {
      const keywords = this.store.keywords(part);
      if (keywords.not !== undefined && Object.keys(keywords).length === 1) {
        const loose = this.#normal.looseFormsOf(keywords.not);
        negated.push(keywords.not);
        away.push(loose.forms);
        // `not` of a schema also accepts what that schema excludes
        const others = parts.filter((other) => other !== part);
        for (const excluded of loose.without) back.push(this.store.and(...others, excluded));
      } else {
        const loose = this.#normal.looseFormsOf(part);
        forms = this.#algebra.intersect(forms, loose.forms);
        negated.push(...loose.without);
        away.push(...loose.without.map((excluded) => this.#normal.formsOf(excluded)));
      }
    }
    const { kinds } = this.#algebra;
    const attempts = [
      () =>
        this.#without(
          kinds.plain,
          forms.plain,
          away.flatMap(({ plain }) => plain),
          negated,
        ),
      () =>
        this.#without(
          kinds.string,
          forms.string,
          away.flatMap(({ string }) => string),
          negated,
        ),
      () =>
        this.#without(
          kinds.number,
          forms.number,
          away.flatMap(({ number }) => number),
          negated,
        ),
      () =>
        this.#without(
          kinds.object,
          forms.object,
          away.flatMap(({ object }) => object),
          negated,
        ),
      () =>
        this.#without(
          kinds.array,
          forms.array,
          away.flatMap(({ array }) => array),
          negated,
        ),
      ...back.map((other) => () => this.inhabit(other)),
    ];
    let doubt: Found | undefined;
    for (const attempt of attempts) {
      if (this.#work.isSpent) return unknown([this.#work.reason]);
      const result = attempt();
      if (result.kind === 'value') return result;
      if (result.kind === 'unknown') doubt = both(doubt, result);
    }
    return doubt ?? EMPTY;
  }

  #without<Atom>(kind: Kind<Atom>, atoms: readonly Atom[], away: readonly Atom[], negated: readonly Id[]): Found {
    let doubt: Found | undefined;
    for (const atom of atoms) {
      const result = this.#split(kind, atom, away, 0, negated);
      if (result.kind === 'value') return result;
      if (result.kind === 'unknown') doubt = both(doubt, result);
    }
    return doubt ?? EMPTY;
  }

  #split<Atom>(kind: Kind<Atom>, atom: Atom, away: readonly Atom[], from: number, negated: readonly Id[]): Found {
    if (!this.#work.spend(STEPS_PER_SPLIT)) return unknown([this.#work.reason]);
    const sample = kind.sample(atom);
    if (sample.kind === 'empty') return EMPTY;
    if (sample.kind === 'value' && negated.every((not) => this.accepts(not, sample.value) === false)) return sample;
    if (this.#work.isSpent) return unknown([this.#work.reason]);
    for (let index = from; index < away.length; index += 1) {
      const next = away[index];
      if (next === undefined) continue;
      if (!this.#work.spend(STEPS_PER_SUBTRACTION)) return unknown([this.#work.reason]);
      const pieces = kind.subtract(atom, next);
      if (pieces.length === 1 && pieces[0] === atom) continue;
      let doubt: Found | undefined;
      for (const piece of pieces) {
        const result = this.#split(kind, piece, away, index + 1, negated);
        if (result.kind === 'value') return result;
        if (result.kind === 'unknown') doubt = both(doubt, result);
      }
      return doubt ?? EMPTY;
    }
    return sample;
  }
}

function both(a: Found | undefined, b: Extract<Found, { kind: 'unknown' }>): Found {
  if (a?.kind !== 'unknown') return b;
  return unknown(joined(a.reasons, b.reasons).slice(0, MOST_REASONS), a.candidate ?? b.candidate);
}

const MOST_REASONS = 5;

function tooDeep(depth: number): UnprovenReason {
  return { kind: 'too-deep', detail: `schemas nested more than ${depth} deep` };
}
