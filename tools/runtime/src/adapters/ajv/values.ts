import { isObject } from '../../typeGuards.ts';

/** The length in code points, which JSON Schema counts (2020-12 validation, section 6.3.1), not in UTF-16 units. */
export function ucs2length(text: string): number {
  let pairs = 0;
  for (let index = 0; index < text.length - 1; index++)
    if (isHigh(text.charCodeAt(index)) && isLow(text.charCodeAt(index + 1))) pairs++;
  return text.length - pairs;
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

/**
 * Deep equality of parsed JSON (2020-12 core, section 4.2.2): the order of members does not matter, and -0 equals 0.
 */
export function equal(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (Array.isArray(left) || Array.isArray(right)) {
    if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return false;
    const others: readonly unknown[] = right;
    return left.every((item: unknown, index) => equal(item, others[index]));
  }
  if (!isObject(left) || !isObject(right)) return false;
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => Object.hasOwn(right, name) && equal(left[name], right[name]))
  );
}
