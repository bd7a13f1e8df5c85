import type { DFA } from 'refa';
import { automatonOf, type Compiled } from '../../jsonschema/pattern/automaton.ts';
import { expressionOf } from '../../jsonschema/pattern/expression.ts';
import type { Work } from '../budget.ts';
import { findWord, isWord, type WordAnswer, type WordQuery } from './words.ts';

/** Texts up to this length are given to the backtracking engine of JavaScript, whatever the pattern. */
const SAFE_LENGTH = 20;

const MOST_KEPT = 1_000;

const STEPS_PER_STATE = 10;

/** The patterns of one comparison, each compiled once. */
export class Patterns {
  readonly #compiled = new Map<string, Compiled>();
  readonly #expressions = new Map<string, RegExp | undefined>();
  /** Verdicts on long texts. A value is judged again and again while it shrinks, with the same texts in it. */
  readonly #verdicts = new Map<string, boolean | undefined>();
  readonly #work: Work;

  constructor(work: Work) {
    this.#work = work;
  }

  automaton(pattern: string): Compiled {
    const known = this.#compiled.get(pattern);
    if (known) return known;
    const { states } = this.#work.budget;
    const made = automatonOf(pattern, states);
    this.#work.spend(STEPS_PER_STATE * ('dfa' in made ? pattern.length : Math.min(states, pattern.length ** 2)));
    this.#compiled.set(pattern, made);
    return made;
  }

  /** A shortest word that all of `within` and none of `outside` match, with a length in the window. */
  find(query: WordQuery): WordAnswer {
    return findWord(query, this.#work.budget.states, (steps) => this.#work.spend(steps));
  }

  /** Whether the pattern matches in the text; undefined if it is invalid, or has no automaton for a long text. */
  test(pattern: string, text: string): boolean | undefined {
    if (text.length <= SAFE_LENGTH) return this.#expression(pattern)?.test(text);
    const key = `${pattern} ${text}`;
    if (this.#verdicts.has(key)) return this.#verdicts.get(key);
    const compiled = this.automaton(pattern);
    this.#work.spend(text.length);
    const verdict = 'dfa' in compiled ? isWord(compiled.dfa, text) : undefined;
    if (this.#verdicts.size >= MOST_KEPT) this.#verdicts.clear();
    this.#verdicts.set(key, verdict);
    return verdict;
  }

  /** The automata of several patterns, up to the first one that has none, and its reason. */
  automata(patterns: Iterable<string>): { readonly dfas: readonly DFA[]; readonly reason?: Reason } {
    const dfas: DFA[] = [];
    for (const pattern of patterns) {
      const compiled = this.automaton(pattern);
      if ('reason' in compiled) return { dfas, reason: compiled.reason };
      dfas.push(compiled.dfa);
    }
    return { dfas };
  }

  #expression(pattern: string): RegExp | undefined {
    if (!this.#expressions.has(pattern)) this.#expressions.set(pattern, expressionOf(pattern));
    return this.#expressions.get(pattern);
  }
}

type Reason = Extract<Compiled, { reason: unknown }>['reason'];
