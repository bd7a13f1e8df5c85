import type { SchemaError } from './problems.ts';

/** More findings help nobody. */
const MOST = 50;

/**
 * Adds the errors of a part to those of the whole, in place. Generated validators join here instead of copying the
 * list each time, which took time in the square of the errors: 100,000 bad items were a denial of service. Dropping errors
 * beyond the cap is safe: every scope that is still open has failed already, or began after that point.
 */
export function joinErrors(whole: SchemaError[] | null, part: SchemaError[]): SchemaError[] {
  if (whole === null) return part;
  for (const error of part) {
    if (whole.length >= MOST) break;
    whole.push(error);
  }
  return whole;
}
