import type { UnprovenReason } from '../finding.ts';
import { EMPTY, found, hidden, joined, type Found } from './found.ts';

/** A subset of null, true and false. */
export interface PlainAtom {
  readonly values: readonly (boolean | null)[];
  readonly opaque: readonly UnprovenReason[];
}

export const ALL_PLAIN: PlainAtom = { values: [null, false, true], opaque: [] };

export function intersectPlain(a: PlainAtom, b: PlainAtom): PlainAtom | undefined {
  const values = a.values.filter((value) => b.values.includes(value));
  return values.length === 0 ? undefined : { values, opaque: joined(a.opaque, b.opaque) };
}

export function subtractPlain(a: PlainAtom, b: PlainAtom): readonly PlainAtom[] {
  const left = a.values.filter((value) => !b.values.includes(value));
  const hiddenPart = b.opaque.length > 0 ? intersectPlain(a, b) : undefined;
  return [...(left.length > 0 ? [{ values: left, opaque: a.opaque }] : []), ...(hiddenPart ? [hiddenPart] : [])];
}

export function samplePlain({ values, opaque }: PlainAtom): Found {
  const [first] = values;
  return first === undefined ? EMPTY : hidden(found(first), opaque);
}
