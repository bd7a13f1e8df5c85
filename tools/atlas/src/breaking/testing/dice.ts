import fc from 'fast-check';

/** Random choices of a test that builds its inputs step by step. They shrink to the first of each list. */
export class Dice {
  /** An integer from 0, less than the argument. */
  readonly below: (end: number) => number;

  constructor(below: (end: number) => number) {
    this.below = below;
  }

  /** True once in so many times. */
  once(inTimes: number): boolean {
    return this.below(inTimes) === inTimes - 1;
  }

  /** Throws if the list is empty. */
  pick<T>(list: readonly T[]): T {
    const at = this.below(list.length);
    const item = list[at];
    if (item === undefined) throw new Error(`there is no item ${at} of ${list.length}`);
    return item;
  }

  /** Some items of a list, in its order, and perhaps none. */
  some<T>(list: readonly T[]): readonly T[] {
    return list.filter(() => this.below(2) === 1);
  }
}

const below = (end: number): fc.Arbitrary<number> => fc.nat({ max: end - 1 });

/** Dice that fast-check seeds and shrinks. */
export const dice: fc.Arbitrary<Dice> = fc.gen().map((next) => new Dice((end) => next(below, end)));
