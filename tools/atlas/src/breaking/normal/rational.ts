/** An exact fraction; the denominator is positive and the two have no common factor. */
export interface Rational {
  readonly top: bigint;
  readonly bottom: bigint;
}

/** The decimal that JSON has for a number, exactly: 0.1 is a tenth. */
export function rational(value: number): Rational {
  const [digits = '0', exponent = '0'] = String(value).split('e');
  const [whole = '0', fraction = ''] = digits.split('.');
  const power = Number(exponent) - fraction.length;
  const top = BigInt(whole + fraction);
  return power >= 0 ? ratio(top * 10n ** BigInt(power), 1n) : ratio(top, 10n ** BigInt(-power));
}

export function ratio(top: bigint, bottom: bigint): Rational {
  const factor = common(top < 0n ? -top : top, bottom);
  return { top: top / factor, bottom: bottom / factor };
}

export function times(a: Rational, factor: bigint): Rational {
  return ratio(a.top * factor, a.bottom);
}

/** Negative if a is less than b. */
export function compare(a: Rational, b: Rational): number {
  const difference = a.top * b.bottom - b.top * a.bottom;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export function isMultiple(value: Rational, of: Rational): boolean {
  return (value.top * of.bottom) % (value.bottom * of.top) === 0n;
}

/** The largest whole number of steps that is not above the value. */
export function floorSteps(value: Rational, step: Rational): bigint {
  const top = value.top * step.bottom;
  const bottom = value.bottom * step.top;
  const steps = top / bottom;
  return steps * bottom > top ? steps - 1n : steps;
}

/** The least common multiple, whose multiples are the common multiples of both. */
export function leastCommon(a: Rational, b: Rational): Rational {
  const left = a.top * b.bottom;
  const right = b.top * a.bottom;
  return ratio((left / common(left, right)) * right, a.bottom * b.bottom);
}

export function toNumber({ top, bottom }: Rational): number {
  const value = Number(top) / Number(bottom);
  if (Number.isFinite(value) && bottom < 2n ** 53n) return value;
  // the parts are too large for exact doubles: divide first, to twenty digits or more
  const places = 20 + Math.max(0, String(bottom).length - String(top).length);
  const scaled = (top * 10n ** BigInt(places)) / bottom;
  return Number(`${scaled}e-${places}`);
}

function common(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y > 0n) [x, y] = [y, x % y];
  return x === 0n ? 1n : x;
}
