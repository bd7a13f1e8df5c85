/** 1 where a character code is a hexadecimal digit. */
const HEX = new Uint8Array(256);
for (const char of '0123456789abcdefABCDEF') HEX[char.charCodeAt(0)] = 1;

const DASH = 0x2d;

/** Whether 36 bytes from `start` are the text of a UUID (RFC 9562, section 4), in either case. */
export function isUuidText(bytes: Uint8Array, start: number): boolean {
  if (
    bytes[start + 8] !== DASH ||
    bytes[start + 13] !== DASH ||
    bytes[start + 18] !== DASH ||
    bytes[start + 23] !== DASH
  )
    return false;
  let digits = 0;
  for (let at = start; at < start + 36; at++) digits += HEX[bytes[at] ?? 0] ?? 0;
  return digits === 32;
}

/** `00112233-4455-…` of 16 bytes. */
export function uuidOf(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
