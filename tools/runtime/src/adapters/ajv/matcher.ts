/**
 * The compiled form of a pattern with lookaround, made by the toolkit. It is a list of machines. Earlier machines are
 * conditions of later ones, and the last one is the pattern.
 */
export interface MatcherProgram {
  /** Whether texts are read by code points (flag u), not by UTF-16 units. */
  readonly unicode: boolean;
  readonly machines: readonly Machine[];
}

/** A nondeterministic automaton: it is in several states at once. */
export interface Machine {
  /** For conditions: whether a matching text begins here (`ahead`) or ends here (`behind`). */
  readonly kind: 'ahead' | 'behind' | 'search';
  readonly negate: boolean;
  /**
   * Steps per state. `[next]` reads nothing; `[next, machine]` reads nothing and needs the condition of that machine;
   * `[next, first, last, first, last, ...]` reads a letter in one of these ranges. The machine begins in state 0 and
   * ends in state 1. `ahead` reads backwards.
   */
  readonly states: readonly (readonly (readonly number[])[])[];
}

/**
 * A pattern with lookaround whose time is proportional to the length of a text, while a regular expression could take
 * exponential time. Each condition is decided once for all positions of the text.
 */
export function matcher({ unicode, machines }: MatcherProgram): { test(text: string): boolean } {
  const runners = machines.map((machine) => new Runner(machine));
  return {
    test(text) {
      const letters = unicode ? codePointsOf(text) : unitsOf(text);
      const conditions: Uint8Array[] = [];
      for (const runner of runners) {
        const found = runner.run(letters, conditions);
        if (found === true) return true;
        conditions.push(found);
      }
      return false;
    },
  };
}

function codePointsOf(text: string): readonly number[] {
  return Array.from(text, (letter) => letter.codePointAt(0) ?? 0);
}

function unitsOf(text: string): readonly number[] {
  return Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
}

/** The states that a machine is in after a letter. */
interface Stop {
  readonly states: readonly number[];
  /** The states that follow without a letter, by the conditions that are true there, one bit each. */
  readonly reached: Map<number, Reached>;
}

interface Reached {
  readonly states: ReadonlySet<number>;
  readonly isEnd: boolean;
  /** By letter. */
  readonly next: Map<number, Stop>;
}

/** The most stops and letters that a machine keeps, because a hostile text must not fill the memory. */
const MOST_KEPT = 10_000;

/** Runs a machine, and keeps the steps that it found for the next letters and texts. */
class Runner {
  readonly #machine: Machine;
  /** The machines whose conditions this one uses. */
  readonly #conditions: readonly number[];
  #stops = new Map<string, Stop>();
  #kept = 0;

  constructor(machine: Machine) {
    this.#machine = machine;
    const used = machine.states.flatMap((steps) => steps.flatMap((step) => (step.length === 2 ? [step[1] ?? 0] : [])));
    this.#conditions = [...new Set(used)];
  }

  /**
   * Has 1 for each position at which the condition is true. There is one more position than letters. A search stops
   * early.
   */
  run(letters: readonly number[], conditions: readonly Uint8Array[]): Uint8Array | true {
    const { kind, negate } = this.#machine;
    const places = new Uint8Array(letters.length + 1);
    const [back, forward] = kind === 'ahead' ? [1, -1] : [0, 1];
    let at = kind === 'ahead' ? letters.length : 0;
    let stop = this.#stopAt([]);
    for (let count = 0; count <= letters.length; count++, at += forward) {
      const reached = this.#reachedFrom(stop, conditions, at);
      if (reached.isEnd && kind === 'search') return true;
      places[at] = reached.isEnd === negate ? 0 : 1;
      const letter = letters[at - back];
      if (letter !== undefined) stop = this.#after(reached, letter);
    }
    return places;
  }

  #stopAt(states: readonly number[]): Stop {
    if (this.#kept++ > MOST_KEPT) {
      this.#stops = new Map();
      this.#kept = 0;
    }
    const key = states.join();
    const stop = this.#stops.get(key) ?? { states, reached: new Map<number, Reached>() };
    this.#stops.set(key, stop);
    return stop;
  }

  /** A match may begin anywhere, so state 0 is always included. */
  #reachedFrom(stop: Stop, conditions: readonly Uint8Array[], at: number): Reached {
    const bits = this.#conditions.reduce((sum, machine, bit) => sum | ((conditions[machine]?.[at] ?? 0) << bit), 0);
    const known = stop.reached.get(bits);
    if (known) return known;
    const states = new Set([0, ...stop.states]);
    for (const state of states)
      for (const [next = 0, machine, further] of this.#machine.states[state] ?? [])
        if (further === undefined && (machine === undefined || conditions[machine]?.[at] === 1)) states.add(next);
    const reached = { states, isEnd: states.has(1), next: new Map<number, Stop>() };
    stop.reached.set(bits, reached);
    return reached;
  }

  #after({ states, next }: Reached, letter: number): Stop {
    const known = next.get(letter);
    if (known) return known;
    const found = new Set<number>();
    for (const state of states)
      for (const step of this.#machine.states[state] ?? [])
        if (step.length > 2 && reads(step, letter)) found.add(step[0] ?? 0);
    const stop = this.#stopAt([...found].toSorted((left, right) => left - right));
    next.set(letter, stop);
    return stop;
  }
}

function reads(step: readonly number[], letter: number): boolean {
  for (let range = 1; range < step.length; range += 2)
    if (letter >= (step[range] ?? 0) && letter <= (step[range + 1] ?? 0)) return true;
  return false;
}
