import { createRequire } from 'node:module';
import type { DFA } from 'refa';
import { expressionOf } from './expression.ts';
import type { MatcherProgram } from './program.ts';

/** How the time that a backtracking engine takes can grow with the length of a text. */
export type Growth = 'exponential' | 'polynomial' | undefined;

/** Only a pattern that repeats something without a limit, or very often, or that has many choices, can be slow. */
const REPEATS = /[*+]|\{\d+,\}|\{\d*,?\d{2,}\}/;
const MANY_CHOICES = 10;
/** Longer patterns are not analysed, because the time for that grows faster than their length. */
const LONGEST = 2_000;
const growths = new Map<string, Growth>();

/** How slow a pattern can be. Undefined if its time is linear, or if nothing is known. */
export function growthOf(pattern: string): Growth {
  if (!canBeSlow(pattern)) return undefined;
  if (!growths.has(pattern)) growths.set(pattern, analysed(pattern));
  return growths.get(pattern);
}

function canBeSlow(pattern: string): boolean {
  return REPEATS.test(pattern) || pattern.split(/[?|]|\{\d+,/).length > MANY_CHOICES;
}

// Both libraries are loaded late, because most specs have no pattern that repeats anything. They take 8 MB of memory.
const require = createRequire(import.meta.url);

function analysed(pattern: string): Growth {
  const expression = expressionOf(pattern);
  if (!expression || pattern.length > LONGEST) return undefined;
  const ambiguity = ambiguityIn(expression);
  if (ambiguity === 'exponential') return 'exponential';
  const { analyse }: typeof import('scslre') = require('scslre');
  try {
    const { reports } = analyse({ source: expression.source, flags: expression.flags }, { maxReports: 20 });
    if (reports.some(({ exponential }) => exponential)) return 'exponential';
    return reports.length > 0 || ambiguity === 'many' ? 'polynomial' : undefined;
  } catch {
    return ambiguity === 'many' ? 'polynomial' : undefined; // the library gives up on some patterns
  }
}

function ambiguityIn(expression: RegExp): ReturnType<typeof import('./ambiguity.ts').ambiguityOf> {
  const { ambiguityOf }: typeof import('./ambiguity.ts') = require('./ambiguity.ts');
  return ambiguityOf(expression);
}

/** Larger automata make more code than a pattern is worth. */
const MOST_STATES = 300;

/** The analysis misses some of what lookaround repeats. */
const LOOKAROUND = /\(\?<?[=!]/;
/** One repetition alone, as in `^.{1,2000}$`, can be read in one way only. */
const SEVERAL = /[*+?{|][^]*[*+?{|]/;

/** The replacement of a pattern that may be slow, or why there is none. */
export type Replacement =
  | { readonly kind: 'none'; readonly isNeeded: boolean }
  /**
   * Per state: whether a text may end there, then the steps. A step is the first and last code point, and the next
   * state.
   */
  | { readonly kind: 'automaton'; readonly table: readonly (readonly number[])[] }
  | { readonly kind: 'matcher'; readonly program: MatcherProgram };

const replacements = new Map<string, Replacement>();

/**
 * Finds the same texts as a pattern that is slow, or may be slow, in time that is linear in the text: a small
 * automaton, or else a program for `matcher`. None if the pattern is fast, or if it has neither.
 */
export function replacementOf(pattern: string): Replacement {
  const known = replacements.get(pattern) ?? replaced(pattern);
  replacements.set(pattern, known);
  return known;
}

function replaced(pattern: string): Replacement {
  const expression = expressionOf(pattern);
  if (!expression || !canBeSlow(pattern)) return { kind: 'none', isNeeded: false };
  if (growthOf(pattern) === undefined && !isSuspect(pattern, expression)) return { kind: 'none', isNeeded: false };
  const { automatonOf }: typeof import('./automaton.ts') = require('./automaton.ts');
  const compiled = expression.flags === 'u' ? automatonOf(pattern, MOST_STATES) : undefined;
  if (compiled && 'dfa' in compiled) return { kind: 'automaton', table: tableOf(compiled.dfa) };
  const { matcherProgram }: typeof import('./program.ts') = require('./program.ts');
  const program = matcherProgram(expression);
  return program ? { kind: 'matcher', program } : { kind: 'none', isNeeded: true };
}

/** Whether the analysis may have missed something. */
function isSuspect(pattern: string, expression: RegExp): boolean {
  if (LOOKAROUND.test(pattern) || pattern.length > LONGEST) return true;
  return SEVERAL.test(pattern) && ambiguityIn(expression) === 'unknown';
}

function tableOf(dfa: DFA): readonly (readonly number[])[] {
  const nodes = [...dfa.nodes()];
  const states = new Map([dfa.initial, ...nodes.filter((node) => node !== dfa.initial)].map((node, at) => [node, at]));
  return [...states.keys()].map((node) => [
    dfa.finals.has(node) ? 1 : 0,
    ...[...node.out].flatMap(([range, next]) => [range.min, range.max, states.get(next) ?? 0]),
  ]);
}
