import { isList, isObject, type JsonValue } from '@atlas/ir';
import type { Work } from '../budget.ts';
import type { UnprovenReason } from '../finding.ts';

/** Whether a set of values has one. `candidate` is a value that may be in it; validators must decide. */
export type Found =
  | { readonly kind: 'empty' }
  | { readonly kind: 'value'; readonly value: JsonValue }
  | { readonly kind: 'unknown'; readonly reasons: readonly UnprovenReason[]; readonly candidate?: JsonValue };

export const EMPTY: Found = { kind: 'empty' };

export function found(value: JsonValue): Found {
  return { kind: 'value', value };
}

export function unknown(reasons: readonly UnprovenReason[], candidate?: JsonValue): Found {
  return candidate === undefined ? { kind: 'unknown', reasons } : { kind: 'unknown', reasons, candidate };
}

/** The answer for an unknown part of a set: empty if the whole set is, otherwise unknown for the given reasons. */
export function hidden(result: Found, opaque: readonly UnprovenReason[]): Found {
  if (opaque.length === 0 || result.kind === 'empty') return result;
  if (result.kind === 'value') return unknown(opaque, result.value);
  return unknown([...opaque, ...result.reasons], result.candidate);
}

/** The reasons of both, each once. */
export function joined(a: readonly UnprovenReason[], b: readonly UnprovenReason[]): readonly UnprovenReason[] {
  const all = [...a];
  for (const one of b) if (!all.some((other) => one.kind === other.kind && one.detail === other.detail)) all.push(one);
  return all.length === a.length ? a : all;
}

const parts = new WeakMap<object, number>();

/** The same result without its value if that is too large for anybody to look at all of it. */
export function bounded(result: Found, { mostParts }: Work): Found {
  const value = result.kind === 'value' ? result.value : result.kind === 'unknown' ? result.candidate : undefined;
  if (value === undefined || partsOf(value) <= mostParts) return result;
  const tooLarge: UnprovenReason = { kind: 'counting', detail: `a value with more than ${mostParts} parts` };
  return unknown(result.kind === 'unknown' ? joined(result.reasons, [tooLarge]) : [tooLarge]);
}

/** Values of equal schemas share their parts, so that a value of n layers may have 2^n of them. */
export function partsOf(value: JsonValue): number {
  if (typeof value !== 'object' || value === null) return 1;
  const known = parts.get(value);
  if (known !== undefined) return known;
  let count = 1;
  for (const part of isList(value) ? value : isObject(value) ? Object.values(value) : [])
    if (part !== undefined) count += partsOf(part);
  parts.set(value, count);
  return count;
}
