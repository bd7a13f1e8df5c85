import {
  CharSet,
  combineTransformers,
  DFA,
  JS,
  NFA,
  TooManyNodesError,
  transform,
  Transformers,
  type NoParent,
  type Node,
  type Concatenation,
} from 'refa';

/** Longer patterns get no automaton, because the time for rewriting them grows faster than their length. */
const LONGEST = 2_000;
const MOST_CHARACTER = 0x10ffff;
/** Letters that no text has. They replace `^` and `$` while the automaton is built. */
const START = MOST_CHARACTER + 1;
const END = MOST_CHARACTER + 2;
const MARKED = { maxCharacter: END };
const PLAIN = { maxCharacter: MOST_CHARACTER };
const TEXT = CharSet.fromRange(END, { min: 0, max: MOST_CHARACTER });

export type Compiled =
  | { readonly dfa: DFA }
  | { readonly reason: { readonly kind: 'pattern-syntax' | 'pattern-too-large'; readonly detail: string } };

/**
 * The texts in which `new RegExp(pattern, 'u')` finds a match, as a minimal automaton over code points. `states` limits
 * the states while it is built. Patterns with lookaround, `\b` or back-references give a reason instead.
 */
export function automatonOf(pattern: string, states: number): Compiled {
  if (pattern.length > LONGEST) return tooLarge(pattern);
  try {
    const literal = { source: `[^]*(?:${pattern})[^]*`, flags: 'u' };
    const { expression } = JS.Parser.fromLiteral(literal).parse({ backreferences: 'throw' });
    const simple = transform(simplifying(), expression);
    const marked = simple.alternatives.map(withMarks);
    const nfa = NFA.fromRegex(marked, MARKED, {}, new NFA.LimitedNodeFactory(states));
    const dfa = DFA.fromFA(withoutMarks(nfa), new DFA.LimitedNodeFactory(states));
    dfa.minimize();
    return { dfa };
  } catch (error) {
    // refa is recursive, so a deeply nested pattern may overflow the stack: it is too large as well
    if (error instanceof TooManyNodesError || error instanceof RangeError) return tooLarge(pattern);
    return {
      reason: {
        kind: 'pattern-syntax',
        detail: `the pattern ${shortened(pattern)} has lookaround, \\b, a back-reference or a mistake`,
      },
    };
  }
}

function simplifying() {
  return combineTransformers([
    Transformers.simplify({ ignoreAmbiguity: true, ignoreOrder: true }),
    Transformers.applyAssertions({ ignoreAmbiguity: true, ignoreOrder: true }),
    Transformers.removeUnnecessaryAssertions({ ignoreAmbiguity: true, ignoreOrder: true }),
    Transformers.inline({ ignoreAmbiguity: true, ignoreOrder: true }),
    Transformers.removeDeadBranches({ ignoreAmbiguity: true, ignoreOrder: true }),
  ]);
}

function withMarks(concatenation: NoParent<Concatenation>): NoParent<Concatenation> {
  return { type: 'Concatenation', elements: concatenation.elements.map(marked) };
}

type Element = NoParent<Concatenation>['elements'][number];

function marked(element: NoParent<Node> & Element): Element {
  switch (element.type) {
    case 'CharacterClass':
      return letters(CharSet.empty(END).union(element.characters.ranges));
    case 'Assertion': {
      if (!isEdge(element)) throw new SyntaxError('lookaround');
      return letters(CharSet.fromCharacter(END, element.kind === 'behind' ? START : END));
    }
    case 'Alternation':
      return { type: 'Alternation', alternatives: element.alternatives.map(withMarks) };
    case 'Quantifier':
      return { ...element, alternatives: element.alternatives.map(withMarks) };
    case 'Unknown':
      throw new SyntaxError('unknown');
    default:
      return element;
  }
}

function letters(characters: CharSet): Element {
  return { type: 'CharacterClass', characters };
}

/** Whether an assertion is `^` or `$`: refa writes them as "no letter before" and "no letter after". */
function isEdge(element: NoParent<Extract<Node, { type: 'Assertion' }>>): boolean {
  const [only, second] = element.alternatives;
  const [letter, another] = only?.elements ?? [];
  return (
    element.negate &&
    second === undefined &&
    another === undefined &&
    letter?.type === 'CharacterClass' &&
    letter.characters.isAll
  );
}

/**
 * An automaton for the texts `w` for which the given one accepts some `^*w$*`: marks before the first letter and after
 * the last one are followed without a letter. A mark anywhere else never matches, as in `a^b`.
 */
function withoutMarks(nfa: NFA): NFA {
  const empty = reached([nfa.initial], [START, END], 'out');
  const starts = reached([nfa.initial], [START], 'out');
  const ends = reached(nfa.finals, [END], 'in');
  const copies = new Map<NFA.Node, NFA.Node>();
  const copyOf = (node: NFA.Node): NFA.Node => {
    const known = copies.get(node);
    if (known) return known;
    const copy = builder.createNode();
    copies.set(node, copy);
    if (ends.has(node)) builder.makeFinal(copy);
    return copy;
  };
  const builder = new NFA.Builder(new NFA.LimitedNodeFactory(Infinity));
  for (const node of nfa.nodes())
    for (const [to, via] of node.out) {
      const text = CharSet.empty(MOST_CHARACTER).union(via.intersect(TEXT).ranges);
      if (text.isEmpty) continue;
      copyOf(node).link(copyOf(to), text);
      if (starts.has(node)) builder.initial.link(copyOf(to), text);
    }
  if ([...empty].some((node) => nfa.finals.has(node))) builder.makeFinal(builder.initial);
  return NFA.fromBuilder(builder, PLAIN);
}

function reached(from: Iterable<NFA.Node>, marks: readonly number[], way: 'in' | 'out'): ReadonlySet<NFA.Node> {
  const found = new Set(from);
  for (const node of found)
    for (const [next, via] of node[way]) if (marks.some((mark) => via.has(mark))) found.add(next);
  return found;
}

function tooLarge(pattern: string): Compiled {
  return { reason: { kind: 'pattern-too-large', detail: `the pattern ${shortened(pattern)} is too large` } };
}

function shortened(pattern: string): string {
  return pattern.length > 60 ? `${pattern.slice(0, 60)}…` : pattern;
}
