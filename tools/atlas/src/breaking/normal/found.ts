import type { JsonValue } from '@atlas/ir';
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
