import type { SchemaError } from './compiled.ts';
import { knownKeysOf } from './knownKeys.ts';

/** Keywords that only say that something inside them failed. */
const WRAPPERS = new Set(['if', 'oneOf', 'anyOf', 'not', 'dependentSchemas', 'propertyNames']);

/** The lower the number, the more the error helps people. */
const RANK: Readonly<Record<string, number>> = {
  additionalProperties: 0,
  unevaluatedProperties: 0,
  enum: 1,
  const: 1,
  required: 2,
  pattern: 3,
  format: 3,
  type: 4,
};

/**
 * Of all errors that ajv reports for one value, those that a person would name: the deepest ones, one per place. Left
 * out are the wrappers around them, and keys that are "unevaluated" only because something below them failed.
 */
export function bestErrors(errors: readonly SchemaError[]): readonly SchemaError[] {
  const real = errors.filter(({ keyword }) => !WRAPPERS.has(keyword));
  const pool = real.length > 0 ? real : errors;
  const paths = pool.map(({ instancePath }) => instancePath).toSorted();
  const sure = pool.filter(
    (error) =>
      error.keyword !== 'unevaluatedProperties' || !(hasDeeper(paths, `${error.instancePath}/`) || isKnown(error)),
  );
  const certain = sure.length > 0 ? sure : pool;
  const byPlace = new Map<string, SchemaError>();
  for (const error of certain) {
    // Two unknown keys of one object are two errors; of all other errors, there is one per place.
    const key =
      rank(error) === 0 || error.propertyName !== undefined
        ? `${error.instancePath} ${error.propertyName ?? JSON.stringify(error.params)}`
        : error.instancePath;
    const known = byPlace.get(key);
    if (!known || rank(error) < rank(known)) byPlace.set(key, error);
  }
  const best = [...byPlace.values()];
  const unknown = new Set(best.filter((error) => rank(error) === 0).map(({ instancePath }) => instancePath));
  const places = best.map(({ instancePath }) => instancePath).toSorted();
  return best
    .filter((error) => rank(error) === 0 || !unknown.has(error.instancePath))
    .filter((error) => rank(error) <= 2 || !hasDeeper(places, `${error.instancePath}/`));
}

/** Whether the object knows the key. Then the key is unevaluated only because of another failure beside it. */
function isKnown({ parentSchema, params }: SchemaError): boolean {
  return knownKeysOf(parentSchema).includes(String(params['unevaluatedProperty']));
}

/** Whether an entry of a sorted list starts with the prefix. */
function hasDeeper(sorted: readonly string[], prefix: string): boolean {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? '') < prefix) low = middle + 1;
    else high = middle;
  }
  return sorted[low]?.startsWith(prefix) === true;
}

function rank({ keyword }: SchemaError): number {
  return Object.hasOwn(RANK, keyword) ? (RANK[keyword] ?? 5) : 5;
}
