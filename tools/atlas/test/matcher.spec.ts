import fc from 'fast-check';
import { expect, it } from 'vitest';
import { matcher } from '../../runtime/src/adapters/ajv/matcher.ts';
import { matcherProgram } from '../src/jsonschema/pattern/program.ts';

/** Patterns with lookaround inside everything else, and everything else inside lookaround. */
const patterns = fc.letrec<{ pattern: string; part: string }>((tie) => ({
  part: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('a', 'b', '[^a]', '.', '\\w', '\\s', '^', '$', '\\b', '\\B'),
    fc
      .tuple(fc.constantFrom('(?=', '(?!', '(?<=', '(?<!', '(?:'), tie('pattern'))
      .map(([open, inner]) => `${open}${inner})`),
    fc
      .tuple(tie('pattern'), fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '{0}', '{2,}', '*?'))
      .map(([inner, times]) => `(?:${inner})${times}`),
  ),
  pattern: fc
    .array(fc.array(tie('part'), { maxLength: 3 }), { minLength: 1, maxLength: 2 })
    .map((choice) => choice.map((parts) => parts.join('')).join('|')),
}));
/** Without surrogate pairs, inside which V8 finds an empty text, although it must not with the flag u. */
const texts = fc
  .array(fc.constantFrom('a', 'b', ' ', '\n', '\ud83d', '\uffff'), { maxLength: 7 })
  .map((letters) => letters.join(''));

it.each(['u', ''])('a matcher finds the same as a regular expression with the flags "%s"', (flags) => {
  fc.assert(
    fc.property(patterns.pattern, fc.array(texts, { minLength: 10, maxLength: 10 }), (pattern, list) => {
      const expression = new RegExp(pattern, flags);
      const program = matcherProgram(expression);
      // too many states or conditions: `check` says so
      fc.pre(program !== undefined);
      const found = matcher(program);
      for (const text of list) expect(found.test(text), JSON.stringify(text)).toBe(expression.test(text));
    }),
    { numRuns: 500 },
  );
});
