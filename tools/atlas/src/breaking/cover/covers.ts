import type { JsonValue } from '@atlas/ir';
import type { UnprovenReason } from '../finding.ts';
import type { Id } from '../hashcons/keywords.ts';
import type { Verdict } from '../schemas.ts';
import { shrink } from '../shrink/shrink.ts';
import { proves } from '../witness/check.ts';
import { candidates } from '../witness/pool.ts';
import type { Search } from './search.ts';

/** The most candidates, of those that the engine's own judge does not rule out, that validators are compiled for. */
const MOST_CHECKS = 12;

/**
 * Whether the reader accepts everything that the writer does. "No" comes with a value that the validators judged. "Yes"
 * depends on the search alone. If the search gives up, or the validators do not confirm its value, other values are
 * tried before the answer is "unknown".
 */
export function covers(search: Search, reader: Id, writer: Id): Verdict {
  search.begin();
  const found = search.uncovered(writer, reader);
  if (found.kind === 'empty') return { kind: 'yes' };
  const proof = found.kind === 'value' ? found.value : found.candidate;
  search.begin();
  const value =
    proof !== undefined && proves(search.store, writer, reader, proof) ? proof : attack(search, reader, writer);
  if (value !== undefined) return { kind: 'no', value: smallest(search, reader, writer, value) };
  const reasons: readonly UnprovenReason[] =
    found.kind === 'unknown' ? found.reasons : [{ kind: 'no-witness', detail: 'no value that the validators confirm' }];
  return { kind: 'unknown', reasons };
}

/** A value from the pool that validators accept for the writer and refuse for the reader. */
function attack(search: Search, reader: Id, writer: Id): JsonValue | undefined {
  const { store } = search;
  search.begin();
  const base = search.inhabit(writer);
  const bases =
    base.kind === 'value'
      ? [base.value]
      : base.kind === 'unknown' && base.candidate !== undefined
        ? [base.candidate]
        : [];
  // trying values needs steps, even if none were enough to find one
  search.begin();
  let checks = 0;
  for (const value of candidates(store, [writer, reader], bases)) {
    if (search.accepts(writer, value) === false || search.accepts(reader, value) === true) continue;
    checks += 1;
    if (checks > MOST_CHECKS) return undefined;
    if (proves(store, writer, reader, value)) return value;
  }
  return undefined;
}

/** Makes a value smaller with the engine's own judge, which is fast. The validators decide about the result. */
function smallest(search: Search, reader: Id, writer: Id, value: JsonValue): JsonValue {
  search.begin();
  const small = shrink(
    value,
    (next) => search.accepts(writer, next) === true && search.accepts(reader, next) === false,
  );
  return small === value || proves(search.store, writer, reader, small) ? small : value;
}
