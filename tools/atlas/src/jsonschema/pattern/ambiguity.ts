import { CharSet, JS, type Concatenation, type Element, type NoParent } from 'refa';

/** More letters, and more steps between letters and between pairs, take longer to analyse than a pattern is worth. */
const MOST_LETTERS = 1_000;
const MOST_STEPS = 300_000;
/** So many choices between equal texts, each at most twice, do not matter: a thousand ways at most. */
const FEW_CHOICES = 10;

/**
 * How many ways a pattern has to read one text: `exponential` if their number can double with each few letters, `many`
 * if it is a power of the length or has a large bound, `few` otherwise; `unknown` if the pattern is too large. An
 * engine that goes back tries all of them before it refuses a text.
 *
 * Each letter of the pattern is a state, as in Glushkov's automaton, with the number of ways from one letter to the
 * next. Two different paths over the same text, from one letter to one letter, are ambiguous; if they are on a circle,
 * each round multiplies the ways. Assertions are taken for true and back-references for empty, so that there may be
 * fewer ways than this says.
 */
export function ambiguityOf({ source, flags }: RegExp): 'few' | 'many' | 'exponential' | 'unknown' {
  try {
    const { expression } = JS.Parser.fromLiteral({ source, flags }).parse({ backreferences: 'unknown' });
    return new Letters(expression.alternatives).ambiguity();
  } catch {
    // too many letters or steps; or a pattern of a thousand groups, which overflows the stack of the parser
    return 'unknown';
  }
}

/** The letters that a part begins and ends with, each with its number of ways, and the ways to read nothing. */
interface Part {
  readonly first: Ways;
  readonly last: Ways;
  readonly empty: number;
}

/** Two ways stand for any number above one. */
type Ways = ReadonlyMap<number, number>;

const NOTHING: Part = { first: new Map(), last: new Map(), empty: 1 };
const START = 0;
const END = 1;

class Letters {
  readonly #texts: CharSet[] = [CharSet.empty(0x10ffff), CharSet.all(0x10ffff)];
  readonly #next: Map<number, number>[] = [new Map(), new Map()];
  #isEndless = false;
  #steps = 0;

  constructor(alternatives: readonly NoParent<Concatenation>[]) {
    const whole = this.#choice(alternatives);
    for (const [letter, ways] of whole.first) this.#link(START, letter, ways);
    for (const [letter, ways] of whole.last) this.#link(letter, END, ways);
    if (whole.empty > 0) this.#link(START, END, whole.empty);
  }

  #choice(alternatives: readonly NoParent<Concatenation>[]): Part {
    const parts = alternatives.map(({ elements }) =>
      elements.reduce((part, element) => this.#sequence(part, this.#part(element)), NOTHING),
    );
    return {
      first: sum(parts.map(({ first }) => first)),
      last: sum(parts.map(({ last }) => last)),
      empty: capped(parts.reduce((ways, { empty }) => ways + empty, 0)),
    };
  }

  #sequence(left: Part, right: Part): Part {
    for (const [from, out] of left.last) for (const [to, into] of right.first) this.#link(from, to, out * into);
    return {
      first: sum([left.first, times(right.first, left.empty)]),
      last: sum([right.last, times(left.last, right.empty)]),
      empty: capped(left.empty * right.empty),
    };
  }

  #part(element: NoParent<Element>): Part {
    switch (element.type) {
      case 'CharacterClass': {
        if (this.#texts.push(element.characters) > MOST_LETTERS) throw new RangeError('too many letters');
        const letter = new Map([[this.#next.push(new Map()) - 1, 1]]);
        return { first: letter, last: letter, empty: 0 };
      }
      case 'Alternation':
        return this.#choice(element.alternatives);
      case 'Quantifier':
        return this.#repeated(element.alternatives, element.min, element.max);
      case 'Assertion':
      case 'Unknown':
        return NOTHING;
    }
  }

  /** `a{2,4}` is `aa(a(a)?)?`, as engines read it. They never repeat what read nothing. */
  #repeated(body: readonly NoParent<Concatenation>[], min: number, max: number): Part {
    if (max === Infinity) {
      this.#isEndless = true;
      const loop = this.#choice(body);
      this.#sequence(loop, loop);
      // the last of the copies that must be read can be the loop, unless it may read nothing
      const isLast = min > 0 && loop.empty === 0;
      const before = this.#copies(body, isLast ? min - 1 : min);
      return this.#sequence(before, isLast ? loop : { ...loop, empty: 1 });
    }
    const before = this.#copies(body, min);
    let rest = NOTHING;
    for (let count = min; count < max; count++) {
      this.#step();
      rest = { ...this.#sequence(this.#choice(body), rest), empty: 1 };
    }
    return this.#sequence(before, rest);
  }

  #copies(body: readonly NoParent<Concatenation>[], count: number): Part {
    let part = NOTHING;
    for (let copy = 0; copy < count; copy++) {
      this.#step();
      part = this.#sequence(part, this.#choice(body));
    }
    return part;
  }

  #step(): void {
    if (++this.#steps > MOST_STEPS) throw new RangeError('too many steps');
  }

  #link(from: number, to: number, ways: number): void {
    this.#step();
    const next = this.#next[from];
    next?.set(to, capped((next.get(to) ?? 0) + ways));
  }

  ambiguity(): 'few' | 'many' | 'exponential' {
    const pairs = this.#pairs();
    const isOne = (pair: number): boolean => Math.floor(pair / MOST_LETTERS) === pair % MOST_LETTERS;
    const merging = reaching(pairs, isOne);
    const doubled = [...this.#next].flatMap((next, from) =>
      [...next].flatMap(([to, ways]) => (ways > 1 ? [[pairOf(from, from), pairOf(to, to)] as const] : [])),
    );
    const split = [...pairs.keys()].filter((pair) => !isOne(pair) && merging.has(pair));
    if (doubled.length === 0 && split.length === 0) return 'few';
    const merged = new Set([
      ...doubled.map(([, to]) => to),
      ...split.flatMap((pair) => pairs.get(pair)?.filter(isOne) ?? []),
    ]);
    if (!this.#isEndless) return merged.size > FEW_CHOICES ? 'many' : 'few';
    const circles = circlesOf(pairs);
    const together = new Set([...pairs.keys()].flatMap((pair) => (isOne(pair) ? (circles.get(pair) ?? []) : [])));
    const isCircular =
      doubled.some(([from, to]) => circles.get(from) === circles.get(to)) ||
      split.some((pair) => together.has(circles.get(pair) ?? -1));
    return isCircular ? 'exponential' : 'many';
  }

  /** Pairs of letters that two readings of one text can be at, and the pairs that follow. */
  #pairs(): ReadonlyMap<number, readonly number[]> {
    const found = new Map<number, readonly number[]>();
    const open = this.#next.map((_, letter) => pairOf(letter, letter));
    for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
      if (found.has(pair)) continue;
      const next = this.#after(Math.floor(pair / MOST_LETTERS), pair % MOST_LETTERS);
      found.set(pair, next);
      open.push(...next.filter((other) => !found.has(other)));
    }
    return found;
  }

  #after(left: number, right: number): readonly number[] {
    const found = new Set<number>();
    for (const one of this.#next[left]?.keys() ?? [])
      for (const other of this.#next[right]?.keys() ?? []) {
        this.#step();
        if (this.#overlap(one, other)) found.add(pairOf(one, other));
      }
    return [...found];
  }

  #overlap(one: number, other: number): boolean {
    const [left, right] = [this.#texts[one], this.#texts[other]];
    if (left === undefined || right === undefined) return false;
    // the end is no letter of a text
    return one === END || other === END ? one === other : !left.isDisjointWith(right);
  }
}

function pairOf(left: number, right: number): number {
  return Math.min(left, right) * MOST_LETTERS + Math.max(left, right);
}

function capped(ways: number): number {
  return Math.min(ways, 2);
}

function sum(all: readonly Ways[]): Ways {
  const total = new Map<number, number>();
  for (const ways of all)
    for (const [letter, count] of ways) total.set(letter, capped((total.get(letter) ?? 0) + count));
  return total;
}

function times(ways: Ways, factor: number): Ways {
  return new Map(factor === 0 ? [] : [...ways].map(([letter, count]) => [letter, capped(count * factor)]));
}

type Graph = ReadonlyMap<number, readonly number[]>;

/** The nodes from which a wanted node can be reached. */
function reaching(graph: Graph, isWanted: (node: number) => boolean): ReadonlySet<number> {
  const before = reversed(graph);
  const found = new Set([...graph.keys()].filter(isWanted));
  for (const node of found) for (const previous of before.get(node) ?? []) found.add(previous);
  return found;
}

function reversed(graph: Graph): ReadonlyMap<number, readonly number[]> {
  const before = new Map<number, number[]>();
  for (const node of graph.keys()) before.set(node, []);
  for (const [node, next] of graph) for (const each of next) before.get(each)?.push(node);
  return before;
}

/** The strongly connected component of each node (Kosaraju). */
function circlesOf(graph: Graph): ReadonlyMap<number, number> {
  const before = reversed(graph);
  const circles = new Map<number, number>();
  for (const root of finished(graph).toReversed()) {
    const open = [root];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (circles.has(node)) continue;
      circles.set(node, root);
      open.push(...(before.get(node) ?? []));
    }
  }
  return circles;
}

/** All nodes, each after those that it leads to. */
function finished(graph: Graph): readonly number[] {
  const seen = new Set<number>();
  const done: number[] = [];
  for (const root of graph.keys()) {
    const open: { readonly node: number; readonly isDone: boolean }[] = [{ node: root, isDone: false }];
    for (let top = open.pop(); top; top = open.pop()) {
      if (top.isDone) done.push(top.node);
      else if (!seen.has(top.node)) {
        seen.add(top.node);
        open.push({ node: top.node, isDone: true });
        for (const next of graph.get(top.node) ?? []) open.push({ node: next, isDone: false });
      }
    }
  }
  return done;
}
