import type { UnprovenReason } from '../finding.ts';
import { EMPTY, found, hidden, joined, unknown, type Found } from './found.ts';
import {
  compare,
  floorSteps,
  isMultiple,
  leastCommon,
  rational,
  ratio,
  times,
  toNumber,
  type Rational,
} from './rational.ts';

interface Bound {
  readonly at: Rational;
  /** Whether the bound itself is excluded. */
  readonly open: boolean;
}

/** A set of numbers. Whole numbers are the multiples of 1. */
export interface NumberAtom {
  readonly min?: Bound;
  readonly max?: Bound;
  readonly multiple?: Rational;
  readonly notMultiples: readonly Rational[];
  /** A finite set; nothing else is set then. */
  readonly values?: ReadonlySet<number>;
  readonly excluded: ReadonlySet<number>;
  readonly opaque: readonly UnprovenReason[];
}

export const ALL_NUMBERS: NumberAtom = { notMultiples: [], excluded: new Set(), opaque: [] };
const ONE = rational(1);
/** The most multiples that are tried one by one. */
const MOST_TRIES = 20_000;

export interface NumberRange {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
  readonly integer?: boolean;
}

export function numbersOf(range: NumberRange): NumberAtom {
  const mins = bounds(range.minimum, range.exclusiveMinimum);
  const maxs = bounds(range.maximum, range.exclusiveMaximum);
  const min = mins.reduce<Bound | undefined>((a, b) => tighter(a, b, 1), undefined);
  const max = maxs.reduce<Bound | undefined>((a, b) => tighter(a, b, -1), undefined);
  const multiple = range.multipleOf === undefined ? undefined : rational(range.multipleOf);
  const step = range.integer !== true ? multiple : multiple === undefined ? ONE : leastCommon(multiple, ONE);
  return { ...ALL_NUMBERS, ...given({ min, max, multiple: step }) };
}

export function finiteNumbers(values: Iterable<number>): NumberAtom {
  return { ...ALL_NUMBERS, values: new Set(values) };
}

export function intersectNumbers(a: NumberAtom, b: NumberAtom): NumberAtom | undefined {
  const opaque = joined(a.opaque, b.opaque);
  if (a.values !== undefined || b.values !== undefined) {
    const values = [...(a.values ?? b.values ?? [])].filter((value) => hasNumber(a, value) && hasNumber(b, value));
    return values.length === 0 ? undefined : { ...finiteNumbers(values), opaque };
  }
  const min = tighter(a.min, b.min, 1);
  const max = tighter(a.max, b.max, -1);
  if (min && max) {
    const order = compare(min.at, max.at);
    if (order > 0 || (order === 0 && (min.open || max.open))) return undefined;
  }
  const multiple = a.multiple && b.multiple ? leastCommon(a.multiple, b.multiple) : (a.multiple ?? b.multiple);
  const notMultiples = [
    ...a.notMultiples,
    ...b.notMultiples.filter((one) => !a.notMultiples.some((other) => compare(one, other) === 0)),
  ];
  if (multiple && notMultiples.some((one) => isMultiple(multiple, one))) return undefined;
  const excluded = new Set([...a.excluded, ...b.excluded]);
  return { ...given({ min, max, multiple }), notMultiples, excluded, opaque };
}

/** The numbers of `a` that are not in `b`, as a union. */
export function subtractNumbers(a: NumberAtom, b: NumberAtom): readonly NumberAtom[] {
  const pieces: NumberAtom[] = [];
  const add = (piece: Partial<NumberAtom>): void => {
    const met = intersectNumbers(a, { ...ALL_NUMBERS, ...piece });
    if (met) pieces.push(met);
  };
  if (b.opaque.length > 0) {
    const met = intersectNumbers(a, b);
    if (met) pieces.push(met);
  }
  if (b.values !== undefined) {
    add({ excluded: b.values });
    return pieces;
  }
  if (b.min) add({ max: { at: b.min.at, open: !b.min.open } });
  if (b.max) add({ min: { at: b.max.at, open: !b.max.open } });
  if (b.multiple) add({ notMultiples: [b.multiple] });
  for (const step of b.notMultiples) add({ multiple: step });
  if (b.excluded.size > 0) add({ values: b.excluded });
  return pieces;
}

export function hasNumber(atom: NumberAtom, value: number): boolean {
  if (!Number.isFinite(value)) return false;
  if (atom.values !== undefined) return atom.values.has(value);
  if (atom.excluded.has(value)) return false;
  const exact = rational(value);
  if (atom.min && !isAbove(exact, atom.min, 1)) return false;
  if (atom.max && !isAbove(exact, atom.max, -1)) return false;
  if (atom.multiple && !isMultiple(exact, atom.multiple)) return false;
  return atom.notMultiples.every((step) => !isMultiple(exact, step));
}

/** A number of the set, near a bound and near zero. */
export function sampleNumber(atom: NumberAtom): Found {
  if (atom.values !== undefined) {
    const [first] = atom.values;
    return first === undefined ? EMPTY : hidden(found(first), atom.opaque);
  }
  const whole = atom.multiple ?? ONE;
  const stepped = trySteps(atom, whole);
  if (stepped.kind === 'value' || atom.multiple !== undefined) return hidden(stepped, atom.opaque);
  return hidden(tryBetween(atom), atom.opaque);
}

/** Multiples of a step, from the bound that is nearest to zero. */
function trySteps(atom: NumberAtom, step: Rational): Found {
  const first = atom.min ? floorSteps(atom.min.at, step) : undefined;
  const last = atom.max ? floorSteps(atom.max.at, step) : undefined;
  const up = first !== undefined && first >= -1n;
  const down = last !== undefined && last < 0n;
  const start = up ? first : down ? last : 0n;
  const direction = down && !up ? -1n : 1n;
  // `notMultiples` repeat after a period. If one number of a period is left, so is one of each period, and among one
  // period more than there are excluded numbers, one is not excluded. Three more, because the first may be below `min`.
  const period = atom.notMultiples.reduce(leastCommon, step);
  const periodSteps = (period.top * step.bottom) / (period.bottom * step.top);
  const span = periodSteps * (BigInt(atom.excluded.size) + 1n) + 3n;
  const both = !up && !down;
  const tries = span > BigInt(MOST_TRIES) ? BigInt(MOST_TRIES) : span;
  for (let index = 0n; index < tries; index += 1n)
    for (const way of both ? [direction, -direction] : [direction]) {
      const value = toNumber(times(step, start + index * way));
      if (hasNumber(atom, value)) return found(value);
    }
  // above 2^53, doubles are further apart than whole numbers, so a multiple may have no double
  const exact = [atom.min, atom.max].every(
    (bound) => !bound || Math.abs(toNumber(bound.at)) <= Number.MAX_SAFE_INTEGER,
  );
  return span <= BigInt(MOST_TRIES) && exact
    ? EMPTY
    : unknown([{ kind: 'counting', detail: 'too many multiples to try' }]);
}

/** A number between two whole ones, or between two bounds. */
function tryBetween(atom: NumberAtom): Found {
  const low = atom.min?.at ?? (atom.max ? minus(atom.max.at, 1n) : rational(0));
  const high = atom.max?.at ?? ratio(low.top + low.bottom, low.bottom);
  if (compare(low, high) === 0) {
    const value = toNumber(low);
    return hasNumber(atom, value) ? found(value) : EMPTY;
  }
  const tries = 64 + atom.excluded.size;
  for (let parts = 2n; parts < BigInt(tries); parts += 1n) {
    // low + (high - low) / parts
    const value = toNumber(
      ratio(low.top * high.bottom * (parts - 1n) + high.top * low.bottom, low.bottom * high.bottom * parts),
    );
    if (hasNumber(atom, value)) return found(value);
  }
  return unknown([{ kind: 'counting', detail: 'no number was found between two bounds' }]);
}

function minus(a: Rational, whole: bigint): Rational {
  return ratio(a.top - whole * a.bottom, a.bottom);
}

function bounds(closed: number | undefined, open: number | undefined): readonly Bound[] {
  return [
    ...(closed === undefined ? [] : [{ at: rational(closed), open: false }]),
    ...(open === undefined ? [] : [{ at: rational(open), open: true }]),
  ];
}

/** The bound that allows less; `way` is 1 for lower bounds and -1 for upper ones. */
function tighter(a: Bound | undefined, b: Bound | undefined, way: 1 | -1): Bound | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const order = compare(a.at, b.at) * way;
  if (order === 0) return a.open ? a : b;
  return order > 0 ? a : b;
}

function isAbove(value: Rational, bound: Bound, way: 1 | -1): boolean {
  const order = compare(value, bound.at) * way;
  return order > 0 || (order === 0 && !bound.open);
}

function given(parts: {
  readonly min: Bound | undefined;
  readonly max: Bound | undefined;
  readonly multiple: Rational | undefined;
}): Pick<NumberAtom, 'min' | 'max' | 'multiple'> {
  return {
    ...(parts.min ? { min: parts.min } : {}),
    ...(parts.max ? { max: parts.max } : {}),
    ...(parts.multiple ? { multiple: parts.multiple } : {}),
  };
}
