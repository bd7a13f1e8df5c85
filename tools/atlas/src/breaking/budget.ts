import type { UnprovenReason } from './finding.ts';
import type { Budget } from './schemas.ts';

/** A step is about a microsecond of work. Work is counted and not timed, so that two runs give the same answer. */
export const BUDGET: Budget = {
  atoms: 256,
  question: 500_000,
  comparison: 2_000_000,
  pair: 5_000,
  states: 20_000,
  depth: 150,
};

/** A question of so many steps may have one part of a value, or one schema along a value. */
const STEPS_PER_PART = 100;

/**
 * What one comparison may still do. Covering, writing values, judging them, compiling validators and trying them all
 * draw from it, so that every input ends. A question is a part of the comparison that gets no more than its share, so
 * that a hard one leaves something for the others.
 */
export class Work {
  readonly budget: Budget;
  #comparison: number;
  #question = 0;

  constructor(budget: Budget) {
    this.budget = budget;
    this.#comparison = budget.comparison;
    this.begin();
  }

  /** Begins a question. */
  begin(): void {
    this.#question = Math.min(this.budget.question, this.#comparison);
  }

  /** Begins one of the two parts of a comparison: finding the edits, or proving them. */
  renew(pairs: number): void {
    this.#comparison = this.budget.comparison;
    this.add(pairs);
  }

  /** Adds what a number of pairs may take, and begins a question. */
  add(pairs: number): void {
    this.#comparison = Math.max(0, this.#comparison) + pairs * this.budget.pair;
    this.begin();
  }

  /** Counts steps, and says whether the question had them left. */
  spend(steps = 1): boolean {
    this.#question -= steps;
    this.#comparison -= steps;
    return this.#question > 0;
  }

  /** Whether the question must end, with whatever is known. */
  get isSpent(): boolean {
    return this.#question <= 0;
  }

  /** Whether no question can be answered any more. */
  get isOver(): boolean {
    return this.#comparison <= 0;
  }

  /** The most parts of a value, and the most schemas along it. */
  get mostParts(): number {
    return this.budget.question / STEPS_PER_PART;
  }

  /** Why a question that had to end is not answered. */
  get reason(): UnprovenReason {
    const { question, comparison } = this.budget;
    return { kind: 'budget', detail: `more than ${this.isOver ? comparison : question} steps` };
  }
}
