/** Has 1 for each character code of a hexadecimal digit, 0 for any other byte. */
const HEX = new Uint8Array(256);
for (const char of '0123456789abcdefABCDEF') HEX[char.charCodeAt(0)] = 1;

const DASH = 0x2d;

/** Whether 36 bytes from `s` on are the text of a UUID (RFC 9562, section 4), in upper or lower case. */
export function isUuidText(b: Uint8Array, s: number): boolean {
  return (
    b[s + 8] === DASH &&
    b[s + 13] === DASH &&
    b[s + 18] === DASH &&
    b[s + 23] === DASH &&
    areHex(b, s, s + 8) &&
    areHex(b, s + 9, s + 13) &&
    areHex(b, s + 14, s + 18) &&
    areHex(b, s + 19, s + 23) &&
    areHex(b, s + 24, s + 36)
  );
}

function areHex(b: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at += 4)
    if ((hex(b, at) & hex(b, at + 1) & hex(b, at + 2) & hex(b, at + 3)) === 0) return false;
  return true;
}

function hex(b: Uint8Array, i: number): number {
  return HEX[b[i] ?? 0] ?? 0;
}

/** The text of a UUID, from its 32 hexadecimal digits. */
export function uuidOf(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
