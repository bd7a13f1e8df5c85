import type { UnprovenReason } from '../finding.ts';
import type { Patterns } from '../regex/patterns.ts';
import { EMPTY, found, hidden, joined, unknown, type Found } from './found.ts';
import { hasFormat, samplesOf } from './formats.ts';

/** A set of strings; lengths are in code points. */
export interface StringAtom {
  /** A finite set; nothing else is set then. */
  readonly values?: ReadonlySet<string>;
  readonly patterns: readonly string[];
  readonly notPatterns: readonly string[];
  readonly formats: readonly string[];
  readonly notFormats: readonly string[];
  readonly min: number;
  readonly max: number;
  readonly excluded: ReadonlySet<string>;
  readonly opaque: readonly UnprovenReason[];
}

const NONE: ReadonlySet<string> = new Set();

export const ALL_STRINGS: StringAtom = {
  patterns: [],
  notPatterns: [],
  formats: [],
  notFormats: [],
  min: 0,
  max: Infinity,
  excluded: NONE,
  opaque: [],
};

export function finiteStrings(values: Iterable<string>): StringAtom {
  return { ...ALL_STRINGS, values: new Set(values) };
}

export function intersectStrings(a: StringAtom, b: StringAtom, patterns: Patterns): StringAtom | undefined {
  let opaque = joined(a.opaque, b.opaque);
  if (a.values !== undefined || b.values !== undefined) {
    const values: string[] = [];
    for (const value of a.values ?? b.values ?? []) {
      const verdicts = [hasString(a, value, patterns), hasString(b, value, patterns)];
      if (verdicts.includes(false)) continue;
      if (verdicts.includes(undefined)) opaque = joined(opaque, [notTested]);
      values.push(value);
    }
    return values.length === 0 ? undefined : { ...finiteStrings(values), opaque };
  }
  const min = Math.max(a.min, b.min);
  const max = Math.min(a.max, b.max);
  if (min > max) return undefined;
  const both = {
    patterns: union(a.patterns, b.patterns),
    notPatterns: union(a.notPatterns, b.notPatterns),
    formats: union(a.formats, b.formats),
    notFormats: union(a.notFormats, b.notFormats),
  };
  if (both.patterns.some((one) => both.notPatterns.includes(one))) return undefined;
  if (both.formats.some((one) => both.notFormats.includes(one))) return undefined;
  const excluded =
    b.excluded.size === 0 ? a.excluded : a.excluded.size === 0 ? b.excluded : new Set([...a.excluded, ...b.excluded]);
  return { ...both, min, max, excluded, opaque };
}

/** The strings of `a` that are not in `b`, as a union. */
export function subtractStrings(a: StringAtom, b: StringAtom, patterns: Patterns): readonly StringAtom[] {
  const pieces: StringAtom[] = [];
  const add = (piece: Partial<StringAtom>): void => {
    const met = intersectStrings(a, { ...ALL_STRINGS, ...piece }, patterns);
    if (met) pieces.push(met);
  };
  if (b.opaque.length > 0) add(b);
  if (b.values !== undefined) {
    add({ excluded: b.values });
    return pieces;
  }
  if (b.min > 0) add({ max: b.min - 1 });
  if (b.max < Infinity) add({ min: b.max + 1 });
  for (const pattern of b.patterns) add({ notPatterns: [pattern] });
  for (const pattern of b.notPatterns) add({ patterns: [pattern] });
  for (const format of b.formats) add({ notFormats: [format] });
  for (const format of b.notFormats) add({ formats: [format] });
  if (b.excluded.size > 0) add({ values: b.excluded });
  return pieces;
}

const notTested: UnprovenReason = {
  kind: 'pattern-syntax',
  detail: 'a long text is not tried on a pattern without an automaton',
};

/** Whether a string is in the set, if `opaque` is ignored; undefined if a pattern or a format cannot be tried. */
export function hasString(atom: StringAtom, text: string, patterns: Patterns): boolean | undefined {
  if (atom.values !== undefined) return atom.values.has(text);
  if (atom.excluded.has(text)) return false;
  const length = Array.from(text).length;
  if (length < atom.min || length > atom.max) return false;
  const verdicts = [
    ...atom.formats.map((format) => hasFormat(format, text)),
    ...atom.notFormats.map((format) => opposite(hasFormat(format, text))),
    ...atom.patterns.map((pattern) => patterns.test(pattern, text)),
    ...atom.notPatterns.map((pattern) => opposite(patterns.test(pattern, text))),
  ];
  return verdicts.includes(false) ? false : verdicts.includes(undefined) ? undefined : true;
}

/** A short string of the set. */
export function sampleString(atom: StringAtom, patterns: Patterns): Found {
  if (atom.values !== undefined) {
    const [first] = atom.values;
    return first === undefined ? EMPTY : hidden(found(first), atom.opaque);
  }
  return hidden(search(atom, patterns), atom.opaque);
}

function search(atom: StringAtom, patterns: Patterns): Found {
  const { min, max, excluded } = atom;
  const text = spaced(min, max, excluded);
  const usual = [
    ...atom.formats.flatMap((name) => samplesOf(name, min)),
    ...GUESSES,
    ...(text === undefined ? [] : [text]),
  ].find((text) => hasString(atom, text, patterns) === true);
  if (usual !== undefined) return found(usual);
  const within = patterns.automata(atom.patterns);
  const outside = patterns.automata(atom.notPatterns);
  const reasons = [within.reason, outside.reason].filter((reason) => reason !== undefined);
  const plain = atom.patterns.length + atom.notPatterns.length === 0;
  if (plain && atom.formats.length === 0) {
    if (text === undefined) return EMPTY;
    return hasString(atom, text, patterns) === true ? found(text) : unknown([format(atom)], text);
  }
  if (excluded.size > MOST_EXCLUDED) return unknown([{ kind: 'counting', detail: 'too many excluded texts' }]);
  // patterns without an automaton are ignored: if no text is left without their conditions, none is left with them
  const answer = patterns.find({ within: within.dfas, outside: outside.dfas, min, max, excluded });
  if (answer.kind === 'none') return EMPTY;
  if (answer.kind === 'unknown') return unknown([...reasons, answer.reason]);
  if (hasString(atom, answer.word, patterns) === true) return found(answer.word);
  return unknown(atom.formats.length + atom.notFormats.length > 0 ? [...reasons, format(atom)] : reasons, answer.word);
}

const GUESSES = ['', 'a', 'x', '0', 'abc', 'A1'];
const MOST_EXCLUDED = 300;

function format(atom: StringAtom): UnprovenReason {
  const names = [...atom.formats, ...atom.notFormats].join(', ');
  return { kind: 'format', detail: `the format ${names} has no automaton` };
}

/** A short text that is not excluded, with a letter if `max` allows one; undefined if there is none. */
function spaced(min: number, max: number, excluded: ReadonlySet<string>): string | undefined {
  const length = Math.max(min, Math.min(max, 1));
  if (length === 0) return excluded.has('') ? undefined : '';
  const rest = 'a'.repeat(Math.min(length, 100_000) - 1);
  for (let letter = 0x61; letter < 0xd800; letter += 1) {
    const text = String.fromCodePoint(letter) + rest;
    if (!excluded.has(text)) return text;
  }
  return undefined;
}

function opposite(verdict: boolean | undefined): boolean | undefined {
  return verdict === undefined ? undefined : !verdict;
}

function union(a: readonly string[], b: readonly string[]): readonly string[] {
  return b.length === 0 ? a : [...new Set([...a, ...b])].toSorted();
}
