import { randomInt, randomFillSync } from 'node:crypto';

/** Ids for one command or message, the same in each try. */
export interface IdSequence {
  /** Begins a try: the returned function gives the sequence from its start. */
  readonly start: () => () => string;
}

/**
 * Ids of one instant. The counter starts at random in the lower half of its 12 bits (RFC 9562, section 6.2), so that
 * ids of one command keep their order and those of two commands of the same millisecond don't collide.
 */
export function idSequence(now: Date): IdSequence {
  const milliseconds = now.getTime();
  const given: string[] = [];
  let first: number | undefined;
  return {
    start: () => {
      let next = 0;
      return () => {
        const known = given[next];
        if (known !== undefined) {
          next += 1;
          return known;
        }
        first ??= randomInt(0x800);
        const id = uuidv7(milliseconds + ((first + next) >>> 12), (first + next) & 0xfff);
        given.push(id);
        next += 1;
        return id;
      };
    },
  };
}

const POOL = 4096;
const pool = Buffer.alloc(POOL);
let used = POOL;

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/**
 * A UUID version 7 (RFC 9562, section 5.7): 48 bits of Unix milliseconds, then a counter of 12 bits by which
 * ids of one millisecond follow each other, then 62 random bits. Random bytes are drawn in bulk.
 */
export function uuidv7(milliseconds: number, counter: number): string {
  if (used + 8 > POOL) {
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
