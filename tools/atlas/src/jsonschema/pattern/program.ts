import { JS, type Concatenation, type Element, type NoParent } from 'refa';

/** A program with more states has more code, and takes more time per letter, than a pattern is worth. */
const MOST_STATES = 1_000;

/** The program that `matcher` of the runtime runs, and documents. The last machine is the pattern. */
export interface MatcherProgram {
  readonly unicode: boolean;
  readonly machines: readonly Machine[];
}

interface Machine {
  readonly kind: 'ahead' | 'behind' | 'search';
  readonly negate: boolean;
  readonly states: readonly (readonly (readonly number[])[])[];
}

/** The runtime has a bit for each condition. */
const MOST_CONDITIONS = 30;

type Alternatives = readonly NoParent<Concatenation>[];
type Step = number[];

/**
 * The program of `matcher` for a pattern, which may have lookaround and `\b`. Undefined for back-references, which no
 * finite machine can follow, and for a pattern that needs too many states.
 */
export function matcherProgram({ source, flags }: RegExp): MatcherProgram | undefined {
  try {
    const { expression } = JS.Parser.fromLiteral({ source, flags }).parse({ backreferences: 'throw' });
    const machines = new Machines();
    machines.add('search', false, expression.alternatives);
    return { unicode: flags.includes('u'), machines: machines.list };
  } catch {
    // back-references; too many states; or a pattern of a thousand groups, which overflows the stack of the parser
    return undefined;
  }
}

/** Machines, each after its conditions, and each only once. */
class Machines {
  readonly list: Machine[] = [];
  readonly #known = new Map<string, number>();
  #count = 0;

  /** Adds a machine and gives its index. Throws if there are too many states. */
  add(kind: Machine['kind'], negate: boolean, alternatives: Alternatives): number {
    const states: Step[][] = [[], []];
    const isBackwards = kind === 'ahead';
    const state = (): number => {
      if (++this.#count > MOST_STATES) throw new RangeError('too many states');
      return states.push([]) - 1;
    };
    const step = (from: number, ...to: Step): void => {
      states[from]?.push(to);
    };
    const one = (element: NoParent<Element>, from: number, to: number): void => {
      switch (element.type) {
        case 'CharacterClass': {
          const ranges = element.characters.ranges.flatMap(({ min, max }) => [min, max]);
          if (ranges.length > 0) step(from, to, ...ranges);
          return;
        }
        case 'Alternation':
          return choice(element.alternatives, from, to);
        case 'Quantifier': {
          let at = from;
          const once = (): void => {
            const next = state();
            choice(element.alternatives, at, next);
            at = next;
          };
          for (let count = 0; count < element.min; count++) once();
          if (element.max === Infinity) {
            const loop = state();
            step(at, loop);
            choice(element.alternatives, loop, loop);
            return step(loop, to);
          }
          for (let count = element.min; count < element.max; count++) {
            step(at, to);
            once();
          }
          return step(at, to);
        }
        case 'Assertion':
          return step(from, to, this.add(element.kind, element.negate, element.alternatives));
        case 'Unknown':
          throw new SyntaxError('unknown');
      }
    };
    const choice = (list: Alternatives, from: number, to: number): void => {
      for (const { elements } of list) {
        const sequence = isBackwards ? elements.toReversed() : elements;
        let at = from;
        for (const element of sequence) {
          const next = state();
          one(element, at, next);
          at = next;
        }
        step(at, to);
      }
    };
    choice(alternatives, 0, 1);
    return this.#kept({ kind, negate, states });
  }

  #kept(machine: Machine): number {
    const text = JSON.stringify(machine);
    const known = this.#known.get(text) ?? this.list.push(machine) - 1;
    if (known > MOST_CONDITIONS) throw new RangeError('too many conditions');
    this.#known.set(text, known);
    return known;
  }
}
