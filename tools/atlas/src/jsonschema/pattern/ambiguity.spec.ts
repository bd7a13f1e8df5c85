import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ambiguityOf } from './ambiguity.ts';
import { growthOf, replacementOf } from './slow.ts';

/** A pattern as a tree, so that its readings can be counted without a parser. */
type Tree =
  | { readonly kind: 'letter'; readonly letters: string }
  | { readonly kind: 'sequence' | 'choice'; readonly parts: readonly Tree[] }
  | { readonly kind: 'repeat'; readonly part: Tree; readonly min: number; readonly max: number };

const trees = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('a', 'b', 'ab').map((letters): Tree => ({ kind: 'letter', letters })),
    fc
      .tuple(fc.constantFrom('sequence', 'choice'), fc.array(tie('tree'), { minLength: 1, maxLength: 3 }))
      .map(([kind, parts]): Tree => ({ kind, parts })),
    fc
      .tuple(tie('tree'), fc.constantFrom([0, 1], [0, Infinity], [1, Infinity], [2, 2], [1, 3], [2, Infinity]))
      .map(([part, [min = 0, max = 0]]): Tree => ({ kind: 'repeat', part, min, max })),
  ),
}));

function written(tree: Tree): string {
  switch (tree.kind) {
    case 'letter':
      return `[${tree.letters}]`;
    case 'sequence':
      return tree.parts.map(written).join('');
    case 'choice':
      return `(?:${tree.parts.map(written).join('|')})`;
    case 'repeat':
      return `(?:${written(tree.part)}){${tree.min},${tree.max === Infinity ? '' : tree.max}}`;
  }
}

/**
 * The ways in which an engine that goes back can read a whole text (ECMA-262, section 22.2.2). Undefined if it takes
 * too many steps to count them.
 */
function readings(tree: Tree, text: string): number | undefined {
  let steps = 0;
  const from = (part: Tree, at: number, rest: (end: number) => number): number => {
    if (++steps > 5_000) return 0;
    switch (part.kind) {
      case 'letter':
        return part.letters.includes(text[at] ?? '-') ? rest(at + 1) : 0;
      case 'sequence':
        return sequence(part.parts, at, rest);
      case 'choice':
        return part.parts.reduce((ways, each) => ways + from(each, at, rest), 0);
      case 'repeat':
        return repeated(part.part, part.min, part.max, at, rest);
    }
  };
  const sequence = ([head, ...tail]: readonly Tree[], at: number, rest: (end: number) => number): number =>
    head === undefined ? rest(at) : from(head, at, (end) => sequence(tail, end, rest));
  const repeated = (part: Tree, min: number, max: number, at: number, rest: (end: number) => number): number => {
    if (max === 0) return rest(at);
    const again = from(part, at, (end) =>
      min === 0 && end === at ? 0 : repeated(part, Math.max(min - 1, 0), max - 1, end, rest),
    );
    return again + (min === 0 ? rest(at) : 0);
  };
  const ways = from(tree, 0, (end) => (end === text.length ? 1 : 0));
  return steps > 5_000 ? undefined : ways;
}

/** All texts of at most six letters a and b. */
const words = Array.from({ length: 6 }).reduce<readonly string[]>(
  (all) => [...new Set(all.flatMap((word) => [word, `${word}a`, `${word}b`]))],
  [''],
);

describe('the ambiguity of a pattern', () => {
  it('is found wherever a text can be read in more ways than a few', () => {
    fc.assert(
      fc.property(trees.tree, (tree) => {
        const found = ambiguityOf(new RegExp(`^(?:${written(tree)})$`, 'u'));
        const most = Math.max(...words.map((word) => readings(tree, word) ?? 0));
        const isSlow = most > (written(tree).includes(',}') ? 1 : 2 ** 10);
        expect(isSlow && found === 'few').toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    '^(a|a)*$',
    '^(\\w|a)*-$',
    '^(?:a|aa)+$',
    '^(a*)*$',
    '^(a?a?)*b$',
    '^(a?b?)*c$',
    '^([a-z]+,?)+$',
    '^(a|a)*\\1$',
    '^(a|a)*\\-$',
    '(?:(?:a|b)(?:a|c))*d|(?:a|aa)*e',
  ])('doubles with each round: %s', (pattern) => {
    expect(ambiguityOf(new RegExp(pattern))).toBe('exponential');
    expect(growthOf(pattern)).toBe('exponential');
  });

  it.each(['^a*a*b$', '^(a{1,2}){20,40}$', '^(a?){25}a{25}$', `^${'(a|a)'.repeat(30)}$`, `^${'a?'.repeat(25)}a{9}$`])(
    'is a power, or has a large bound: %s',
    (pattern) => {
      expect(ambiguityOf(new RegExp(pattern, 'u'))).toBe('many');
      expect(replacementOf(pattern).kind).toBe('automaton');
    },
  );

  it.each([
    '^[a-z]+(-[a-z]+)*$',
    '^(ab|ac)*$',
    '^(a|a)(a|a)b$',
    '^[0-9A-F]{8}-([0-9A-F]{4}-){3}[0-9A-F]{12}$',
    '^[a-z]{1,64}(\\.[a-z]{1,64}){0,3}$',
    '^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$',
  ])('is of no account, so the pattern stays: %s', (pattern) => {
    expect(ambiguityOf(new RegExp(pattern, 'u'))).toBe('few');
    expect(replacementOf(pattern)).toEqual({ kind: 'none', isNeeded: false });
  });

  it('is unknown for a pattern with too many letters, which is replaced if it repeats groups', () => {
    expect(replacementOf('^.{1,2000}$')).toEqual({ kind: 'none', isNeeded: false });
    expect(replacementOf('^(?:a|a|b){1,1200}$')).toEqual({ kind: 'none', isNeeded: true });
  });
});
