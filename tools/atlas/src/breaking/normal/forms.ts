import type { Work } from '../budget.ts';
import type { UnprovenReason } from '../finding.ts';
import { ALL_ARRAYS, intersectArrays, subtractArrays, type ArrayAtom } from './arrays.ts';
import type { Env } from './env.ts';
import { joined, type Found } from './found.ts';
import {
  ALL_NUMBERS,
  finiteNumbers,
  intersectNumbers,
  sampleNumber,
  subtractNumbers,
  type NumberAtom,
} from './numbers.ts';
import { ALL_OBJECTS, intersectObjects, subtractObjects, type ObjectAtom } from './objects.ts';
import { ALL_PLAIN, intersectPlain, samplePlain, subtractPlain, type PlainAtom } from './plain.ts';
import { sampleArray } from './sampleArray.ts';
import { sampleObject } from './sampleObject.ts';
import {
  ALL_STRINGS,
  finiteStrings,
  intersectStrings,
  sampleString,
  subtractStrings,
  type StringAtom,
} from './strings.ts';

/** The sets that a normal form is a union of, one list per kind of JSON value. */
export interface Forms {
  readonly plain: readonly PlainAtom[];
  readonly number: readonly NumberAtom[];
  readonly string: readonly StringAtom[];
  readonly array: readonly ArrayAtom[];
  readonly object: readonly ObjectAtom[];
}

/** The operations on sets of one kind of value. */
export interface Kind<Atom> {
  readonly all: Atom;
  intersect(a: Atom, b: Atom): Atom | undefined;
  subtract(a: Atom, b: Atom): readonly Atom[];
  sample(atom: Atom): Found;
  /** The same union in fewer sets, if that is easy. */
  compact(atoms: readonly Atom[]): readonly Atom[];
}

export interface Kinds {
  readonly plain: Kind<PlainAtom>;
  readonly number: Kind<NumberAtom>;
  readonly string: Kind<StringAtom>;
  readonly array: Kind<ArrayAtom>;
  readonly object: Kind<ObjectAtom>;
}

export function kindsOf(env: Env): Kinds {
  const { patterns } = env;
  return {
    plain: { all: ALL_PLAIN, intersect: intersectPlain, subtract: subtractPlain, sample: samplePlain, compact: asIs },
    number: {
      all: ALL_NUMBERS,
      intersect: intersectNumbers,
      subtract: subtractNumbers,
      sample: sampleNumber,
      compact: (atoms) => withOneList(atoms, finiteNumbers),
    },
    string: {
      all: ALL_STRINGS,
      intersect: (a, b) => intersectStrings(a, b, patterns),
      subtract: (a, b) => subtractStrings(a, b, patterns),
      sample: (atom) => sampleString(atom, patterns),
      compact: (atoms) => withOneList(atoms, finiteStrings),
    },
    array: {
      all: ALL_ARRAYS,
      intersect: (a, b) => intersectArrays(a, b, env),
      subtract: (a, b) => subtractArrays(a, b, env),
      sample: (atom) => sampleArray(atom, env),
      compact: asIs,
    },
    object: {
      all: ALL_OBJECTS,
      intersect: (a, b) => intersectObjects(a, b, env),
      subtract: (a, b) => subtractObjects(a, b, env),
      sample: (atom) => sampleObject(atom, env),
      compact: asIs,
    },
  };
}

export const NOTHING: Forms = { plain: [], number: [], string: [], array: [], object: [] };

export const EVERYTHING: Forms = {
  plain: [ALL_PLAIN],
  number: [ALL_NUMBERS],
  string: [ALL_STRINGS],
  array: [ALL_ARRAYS],
  object: [ALL_OBJECTS],
};

/** Steps of an operation on two sets, apart from their parts. */
const STEPS_PER_OPERATION = 3;

/** The algebra of unions. Each result is bounded. What exceeds the bound becomes "perhaps everything". */
export class Algebra {
  readonly kinds: Kinds;
  /** The most sets of each kind. */
  readonly #most: number;
  readonly #work: Work;

  constructor(env: Env) {
    this.kinds = kindsOf(env);
    this.#work = env.store.work;
    this.#most = this.#work.budget.atoms;
  }

  intersect(a: Forms, b: Forms): Forms {
    if (a === EVERYTHING) return b;
    if (b === EVERYTHING) return a;
    const { kinds } = this;
    return {
      plain: this.#product(kinds.plain, a.plain, b.plain),
      number: this.#product(kinds.number, a.number, b.number),
      string: this.#product(kinds.string, a.string, b.string),
      array: this.#product(kinds.array, a.array, b.array),
      object: this.#product(kinds.object, a.object, b.object),
    };
  }

  union(...parts: readonly Forms[]): Forms {
    const { kinds } = this;
    return {
      plain: this.#bounded(
        kinds.plain,
        parts.flatMap((part) => part.plain),
      ),
      number: this.#bounded(
        kinds.number,
        parts.flatMap((part) => part.number),
      ),
      string: this.#bounded(
        kinds.string,
        parts.flatMap((part) => part.string),
      ),
      array: this.#bounded(
        kinds.array,
        parts.flatMap((part) => part.array),
      ),
      object: this.#bounded(
        kinds.object,
        parts.flatMap((part) => part.object),
      ),
    };
  }

  /** The values that are in `a` and in none of `b`. */
  subtract(a: Forms, b: Forms): Forms {
    const { kinds } = this;
    return {
      plain: this.#without(kinds.plain, a.plain, b.plain),
      number: this.#without(kinds.number, a.number, b.number),
      string: this.#without(kinds.string, a.string, b.string),
      array: this.#without(kinds.array, a.array, b.array),
      object: this.#without(kinds.object, a.object, b.object),
    };
  }

  /** Whether a quick look shows that nothing is in both. */
  areApart(a: Forms, b: Forms): boolean {
    const { kinds } = this;
    const apart = <Atom>(kind: Kind<Atom>, left: readonly Atom[], right: readonly Atom[]): boolean =>
      left.every((one) =>
        right.every((other) => this.#work.spend(STEPS_PER_OPERATION) && kind.intersect(one, other) === undefined),
      );
    return (
      apart(kinds.plain, a.plain, b.plain) &&
      apart(kinds.number, a.number, b.number) &&
      apart(kinds.string, a.string, b.string) &&
      apart(kinds.array, a.array, b.array) &&
      apart(kinds.object, a.object, b.object)
    );
  }

  /** An unknown part of a union. */
  hide(forms: Forms, reason: UnprovenReason): Forms {
    const mark = <Atom extends { readonly opaque: readonly UnprovenReason[] }>(atom: Atom): Atom => ({
      ...atom,
      opaque: joined(atom.opaque, [reason]),
    });
    return {
      plain: forms.plain.map(mark),
      number: forms.number.map(mark),
      string: forms.string.map(mark),
      array: forms.array.map(mark),
      object: forms.object.map(mark),
    };
  }

  #product<Atom extends Hideable>(kind: Kind<Atom>, a: readonly Atom[], b: readonly Atom[]): readonly Atom[] {
    const [only, second] = b;
    if (only === kind.all && second === undefined) return a;
    if (a[0] === kind.all && a.length === 1) return b;
    const atoms: Atom[] = [];
    for (const left of a)
      for (const right of b) {
        if (!this.#work.spend(STEPS_PER_OPERATION)) return [this.#anything(kind)];
        const met = kind.intersect(left, right);
        if (met) atoms.push(met);
      }
    return this.#bounded(kind, atoms);
  }

  #without<Atom extends Hideable>(kind: Kind<Atom>, a: readonly Atom[], b: readonly Atom[]): readonly Atom[] {
    let left = a;
    for (const atom of b) {
      if (left.length === 0) return left;
      if (!left.every(() => this.#work.spend(STEPS_PER_OPERATION))) return [this.#anything(kind)];
      left = this.#bounded(
        kind,
        left.flatMap((piece) => kind.subtract(piece, atom)),
      );
    }
    return left;
  }

  #bounded<Atom extends Hideable>(kind: Kind<Atom>, atoms: readonly Atom[]): readonly Atom[] {
    if (atoms.length < 2) return atoms;
    const all = atoms.find((atom) => atom === kind.all);
    if (all !== undefined) return [all];
    const compacted = kind.compact(atoms);
    return compacted.length > this.#most ? [this.#anything(kind)] : compacted;
  }

  #anything<Atom extends Hideable>(kind: Kind<Atom>): Atom {
    const tooMany: UnprovenReason = { kind: 'too-many-cases', detail: `more than ${this.#most} cases of one type` };
    const reason = this.#work.isSpent ? this.#work.reason : tooMany;
    return { ...kind.all, opaque: [reason] };
  }
}

interface Hideable {
  readonly opaque: readonly UnprovenReason[];
}

function asIs<Atom>(atoms: readonly Atom[]): readonly Atom[] {
  return atoms;
}

/** Joins all finite sets into one. */
function withOneList<Value, Atom extends Hideable & { readonly values?: ReadonlySet<Value> }>(
  atoms: readonly Atom[],
  finite: (values: Iterable<Value>) => Atom,
): readonly Atom[] {
  const lists = atoms.filter(({ values, opaque }) => values !== undefined && opaque.length === 0);
  if (lists.length < 2) return atoms;
  const values = lists.flatMap((atom) => [...(atom.values ?? [])]);
  return [finite(values), ...atoms.filter((atom) => !lists.includes(atom))];
}
