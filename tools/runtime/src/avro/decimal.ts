import { misfit } from './misfit.ts';

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

/**
 * The unscaled integer of a decimal text: `"12.5"` at scale 2 is 1250. Never rounds: throws `Misfit` for digits beyond
 * the scale and for more digits than the precision.
 */
export function unscaled(text: string, precision: number, scale: number): bigint {
  const match = typeof text === 'string' ? DECIMAL.exec(text) : null;
  if (!match) return misfit(text, 'a decimal such as "12.50"');
  const [, sign = '', whole = '', fraction = ''] = match;
  if (fraction.length > scale && /[^0]/.test(fraction.slice(scale))) misfit(text, `a decimal of scale ${scale}`);
  const digits = whole + fraction.slice(0, scale).padEnd(scale, '0');
  if (digits.replace(/^0+/, '').length > precision) misfit(text, `a decimal of ${precision} digits`);
  const value = BigInt(digits);
  return sign === '-' ? -value : value;
}

/** The text of an unscaled integer, with `scale` digits after the point. Undefined if it has too many digits. */
export function decimalText(value: bigint, precision: number, scale: number): string | undefined {
  const digits = (value < 0n ? -value : value).toString();
  if (digits.length > precision && value !== 0n) return undefined;
  const sign = value < 0n ? '-' : '';
  if (scale === 0) return sign + digits;
  const padded = digits.padStart(scale + 1, '0');
  return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
}

/** How many bytes a number takes in two's complement, at least one: the length of Java's `BigInteger.toByteArray`. */
export function twosComplementSize(value: bigint): number {
  const positive = value < 0n ? ~value : value;
  if (positive < 0x80n) return 1;
  const bits = positive.toString(16).length * 4;
  const spare = Math.clz32(Number.parseInt(positive.toString(16).slice(0, 1), 16)) - 28;
  return Math.floor((bits - spare) / 8) + 1;
}

/** Writes a number at `start`, big-endian, in `size` bytes. */
export function putTwosComplement(bytes: Uint8Array, start: number, size: number, value: bigint): void {
  let left = value;
  for (let at = start + size - 1; at >= start; at--) {
    bytes[at] = Number(left & 0xffn);
    left >>= 8n;
  }
}

/** Reads a big-endian number. Skips redundant sign bytes. Undefined if more than `maxBytes` are left after that. */
export function twosComplement(bytes: Buffer, start: number, end: number, maxBytes: number): bigint | undefined {
  const negative = (bytes[start] ?? 0) >= 0x80;
  const empty = negative ? 0xff : 0;
  let from = start;
  while (from < end - 1 && bytes[from] === empty && (bytes[from + 1] ?? 0) >= 0x80 === negative) from++;
  const size = end - from;
  if (size > maxBytes) return undefined;
  if (size <= 6) return BigInt(bytes.readIntBE(from, size));
  return BigInt.asIntN(size * 8, BigInt(`0x${bytes.toString('hex', from, end)}`));
}

/** The most bytes that a decimal with `precision` digits takes. */
export function bytesFor(precision: number): number {
  return Math.ceil(precision * 0.42) + 2;
}
