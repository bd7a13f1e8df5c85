import { DFA, TooManyNodesError } from 'refa';
import type { UnprovenReason } from '../finding.ts';

export interface WordQuery {
  readonly within: readonly DFA[];
  readonly outside: readonly DFA[];
  /** In code points. */
  readonly min: number;
  readonly max: number;
  readonly excluded: ReadonlySet<string>;
}

export type WordAnswer =
  | { readonly kind: 'none' }
  | { readonly kind: 'word'; readonly word: string }
  | { readonly kind: 'unknown'; readonly reason: UnprovenReason };

/** The most words that a search makes. A pattern with `{0,30000}` reaches this limit. */
const MOST_STEPS = 200_000;
/** Letters that people read easily. They are tried first. */
const NICE = Array.from('aA0-_. zZ9', (letter) => letter.codePointAt(0) ?? 0);

const STEPS_PER_STATE = 5;

class CountedNodes extends DFA.LimitedNodeFactory {
  readonly #spend: (steps: number) => void;

  constructor(limit: number, spend: (steps: number) => void) {
    super(limit);
    this.#spend = spend;
  }

  override createNode(): DFA.Node {
    this.#spend(STEPS_PER_STATE);
    return super.createNode();
  }
}

/**
 * A shortest word that all of `within` and none of `outside` match, with a length in the window. `spend` counts the
 * steps of about a microsecond.
 */
export function findWord(query: WordQuery, states: number, spend: (steps: number) => void = () => {}): WordAnswer {
  try {
    const factory = () => new CountedNodes(states, spend);
    let left: DFA | undefined;
    for (const [list, negate] of [
      [query.within, false],
      [query.outside, true],
    ] as const)
      for (const dfa of list) {
        const next = negate ? complementOf(dfa) : dfa;
        left = left === undefined ? next : DFA.fromIntersection(left, next, factory());
      }
    if (left === undefined) left = DFA.all({ maxCharacter: 0x10ffff });
    return shortest(left, query, spend);
  } catch (error) {
    if (error instanceof TooManyNodesError)
      return { kind: 'unknown', reason: { kind: 'pattern-too-large', detail: 'the patterns together are too large' } };
    throw error;
  }
}

export function isWord(dfa: DFA, text: string): boolean {
  return dfa.test(Array.from(text, (letter) => letter.codePointAt(0) ?? 0));
}

function complementOf(dfa: DFA): DFA {
  const copy = dfa.copy();
  copy.complement();
  return copy;
}

/** Makes words by length. A state keeps one word more than are excluded, so that one of them is always allowed. */
function shortest(dfa: DFA, { min, max, excluded }: WordQuery, spend: (steps: number) => void): WordAnswer {
  const alive = aliveOf(dfa);
  const keep = excluded.size + 1;
  const longest = Math.max(min, ...[...excluded].map((word) => Array.from(word).length)) + alive.size;
  let layer = new Map<DFA.ReadonlyNode, string[]>([[dfa.initial, ['']]]);
  let steps = 0;
  for (let length = 0; length <= Math.min(max, longest) && layer.size > 0; length += 1) {
    if (length >= min)
      for (const [node, words] of layer) {
        const word = isFinal(dfa, node) ? words.find((text) => !excluded.has(text)) : undefined;
        if (word !== undefined) return { kind: 'word', word };
      }
    const next = new Map<DFA.ReadonlyNode, string[]>();
    for (const [node, words] of layer)
      for (const [range, to] of node.out) {
        if (!alive.has(to)) continue;
        const list = next.get(to) ?? [];
        next.set(to, list);
        for (const letter of lettersOf(range, keep))
          for (const word of words) {
            if (list.length >= keep) break;
            steps += 1;
            spend(1);
            list.push(word + letter);
          }
      }
    if (steps > MOST_STEPS || (length > 2_000 && excluded.size > 0))
      return { kind: 'unknown', reason: { kind: 'pattern-too-large', detail: 'the lengths are too many to try' } };
    layer = next;
  }
  return { kind: 'none' };
}

function isFinal(dfa: DFA, node: DFA.ReadonlyNode): boolean {
  const finals: ReadonlySet<DFA.ReadonlyNode> = dfa.finals;
  return finals.has(node);
}

/** The states from which a final one can be reached. */
function aliveOf(dfa: DFA): ReadonlySet<DFA.ReadonlyNode> {
  const before = new Map<DFA.ReadonlyNode, DFA.ReadonlyNode[]>();
  for (const node of dfa.nodes())
    for (const [, to] of node.out) {
      const list = before.get(to) ?? [];
      before.set(to, list);
      list.push(node);
    }
  const alive = new Set<DFA.ReadonlyNode>(dfa.finals);
  for (const node of alive) for (const from of before.get(node) ?? []) alive.add(from);
  return alive;
}

function lettersOf(range: { readonly min: number; readonly max: number }, most: number): readonly string[] {
  const nice = NICE.filter((letter) => letter >= range.min && letter <= range.max);
  const found = new Set(nice.slice(0, most));
  const from = range.min < 0x21 && range.max > 0x20 ? 0x21 : range.min;
  const add = (first: number, last: number): void => {
    for (let letter = first; letter <= last && found.size < most; letter += 1) {
      // JSON does not carry half of a surrogate pair safely
      if (letter === 0xd800) letter = 0xe000;
      if (letter <= last && (letter < 0xd800 || letter > 0xdfff)) found.add(letter);
    }
  };
  add(from, range.max);
  add(range.min, from - 1);
  return [...found].map((letter) => String.fromCodePoint(letter));
}
