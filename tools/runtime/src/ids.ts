import { randomInt, randomFillSync } from 'node:crypto';

/** Ids of one command or message, the same in each try. */
export interface IdSequence {
  /** Begins a try. The returned function gives the ids, beginning with the first. */
  readonly start: () => () => string;
}

/**
 * UUIDs version 7 of one instant. The counter starts at a random value in the lower half of its 12 bits (RFC 9562,
 * section 6.2): ids of one command sort in their order, and two commands of the same millisecond do not collide.
 */
export function idSequence(now: Date): IdSequence {
  const milliseconds = now.getTime();
  const made: string[] = [];
  let first: number | undefined;
  return {
    start: () => {
      let next = 0;
      return () => {
        const known = made[next];
        if (known !== undefined) {
          next += 1;
          return known;
        }
        first ??= randomInt(0x800);
        const id = uuidv7(milliseconds + ((first + next) >>> 12), (first + next) & 0xfff);
        made.push(id);
        next += 1;
        return id;
      };
    },
  };
}

const POOL_BYTES = 4096;
const pool = Buffer.alloc(POOL_BYTES);
let used = POOL_BYTES;

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/**
 * A UUID version 7 (RFC 9562, section 5.7): 48 bits of Unix milliseconds, a counter of 12 bits that keeps ids of one
 * millisecond in order, and 62 random bits. Random bytes are drawn in bulk because single draws are slow.
 */
export function uuidv7(milliseconds: number, counter: number): string {
  if (used + 8 > POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  const at = used;
  used += 8;
  const high = Math.floor(milliseconds / 0x1_0000_0000);
  const low = milliseconds >>> 0;
  return (
    `${hex(high >>> 8)}${hex(high)}${hex(low >>> 24)}${hex(low >>> 16)}-${hex(low >>> 8)}${hex(low)}` +
    `-${hex(0x70 | ((counter >>> 8) & 0x0f))}${hex(counter)}-${hex(0x80 | (byteAt(at) & 0x3f))}${hex(byteAt(at + 1))}-` +
    `${hex(byteAt(at + 2))}${hex(byteAt(at + 3))}${hex(byteAt(at + 4))}${hex(byteAt(at + 5))}${hex(byteAt(at + 6))}${hex(byteAt(at + 7))}`
  );
}

function byteAt(index: number): number {
  return pool[index] ?? 0;
}

function hex(byte: number): string {
  return HEX[byte & 0xff] ?? '00';
}
