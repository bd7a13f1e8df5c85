import { randomInt } from 'node:crypto';
import { uuidv7 } from './uuidv7.ts';

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
