import { isObject } from '../../typeGuards.ts';

/** The length in code points, which JSON Schema counts (2020-12 validation, section 6.3.1), not in UTF-16 units. */
export function ucs2length(text: string): number {
  let pairs = 0;
  for (let index = 0; index < text.length - 1; index++)
    if (isHigh(text.charCodeAt(index)) && isLow(text.charCodeAt(index + 1))) pairs++;
  return text.length - pairs;
}

/** Whether no two items are equal (2020-12 validation, section 6.4.3), in time linear in the size of the list. */
export function isUnique(items: readonly unknown[]): boolean {
  const seen = new Set<unknown>();
  for (const item of items) {
    // the prefix keeps a string from being mistaken for the text of an object
    const key = typeof item === 'object' ? textOf(item) : typeof item === 'string' ? `"${item}` : item;
    if (seen.has(key)) return false;
    seen.add(key);
  }
  return true;
}

/** A text that is the same for equal values. */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(textOf).join()}]`;
  if (!isObject(value)) return JSON.stringify(value) ?? '';
  const members = Object.keys(value)
    .toSorted()
    .map((name) => `${JSON.stringify(name)}:${textOf(value[name])}`);
  return `{${members.join()}}`;
}

/**
 * Whether a number is a multiple of another one (2020-12 validation, section 6.2.1), as decimals: 0.07 is a multiple of
 * 0.01, although their quotient in binary is not whole.
 */
export function isMultiple(value: number, divisor: number): boolean {
  if (Number.isInteger(value) && Number.isInteger(divisor)) return value % divisor === 0;
  const [dividend, by] = [decimalOf(value), decimalOf(divisor)];
  if (dividend === undefined || by === undefined) return false;
  const places = Math.max(dividend.places, by.places);
  return (
    (dividend.digits * 10n ** BigInt(places - dividend.places)) % (by.digits * 10n ** BigInt(places - by.places)) === 0n
  );
}

const DECIMAL = /^(-?\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/;

/** The decimal that JSON shows for a number: `digits / 10 ** places`. Undefined if it is not finite. */
function decimalOf(value: number): { readonly digits: bigint; readonly places: number } | undefined {
  const [, whole = '', fraction = '', exponent = '0'] = DECIMAL.exec(String(value)) ?? [];
  if (whole === '') return undefined;
  const places = fraction.length - Number(exponent);
  const digits = BigInt(whole + fraction);
  return places >= 0 ? { digits, places } : { digits: digits * 10n ** BigInt(-places), places: 0 };
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
