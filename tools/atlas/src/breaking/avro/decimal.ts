import type { AvroTarget } from '../../read/avro/matching.ts';

/** The bytes of the largest decimal with so many digits, as text of Avro's JSON encoding. */
export function nines(digits: number, type: AvroTarget): string {
  let left = 10n ** BigInt(digits) - 1n;
  const bytes: number[] = [];
  for (; left > 0n; left >>= 8n) bytes.unshift(Number(left & 0xffn));
  if ((bytes[0] ?? 0) >= 0x80) bytes.unshift(0);
  const text = String.fromCharCode(...bytes);
  return type.kind === 'fixed' ? text.padStart(type.size, '\0').slice(-type.size) : text;
}

/** How many digits a decimal has whose bytes are text of Avro's JSON encoding. */
export function digitsOf(text: string): number {
  let number = 0n;
  for (const char of text) number = (number << 8n) | BigInt(char.charCodeAt(0));
  const value = BigInt.asIntN(text.length * 8, number);
  return (value < 0n ? -value : value).toString().length;
}
