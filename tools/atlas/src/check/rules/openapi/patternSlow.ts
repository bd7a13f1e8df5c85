import type { Finding } from '../../../diagnostics/diagnostic.ts';
import { shown } from '../../../diagnostics/shown.ts';
import { growthOf, replacementOf } from '../../../jsonschema/pattern/slow.ts';
import { schemaObjects } from '../../../read/openapi/schemas.ts';
import type { Rule } from '../../rule.ts';

export const patternSlow: Rule = {
  code: 'ATL2039',
  title: 'pattern that takes exponential time',
  explain: {
    why: 'A regular expression that can match the same text in many ways tries all of them, so thirty letters can take minutes in clients and in other tools. Generated validators use automata instead, which take time in proportion to the text. A pattern without an automaton, because of back-references or its size, is an error if it takes exponential time: one request could block the service.',
    bad: "mail: { type: string, pattern: '^([a-z0-9]+)+@x$' }",
    good: "mail: { type: string, pattern: '^[a-z0-9]+@x$' }",
  },
  *check({ http }) {
    for (const schema of schemaObjects(http)) {
      const pattern = schema.get('pattern');
      const names = schema.get('patternProperties')?.entries() ?? [];
      const all = [
        ...(pattern ? [{ text: pattern.string() ?? '', loc: pattern.valueLoc }] : []),
        ...names.map(([text, member]) => ({ text, loc: member.via?.loc ?? member.loc })),
      ];
      for (const { text, loc } of all) {
        const found = findingOf(text);
        if (found) yield { ...found, loc };
      }
    }
  },
};

function findingOf(pattern: string): Omit<Finding, 'loc'> | undefined {
  const replacement = replacementOf(pattern);
  const isUnbounded = replacement.kind === 'none' && replacement.isNeeded;
  if (growthOf(pattern) === 'exponential')
    return {
      ...(isUnbounded ? {} : { severity: 'warning' }),
      message: `pattern ${shown(pattern)} can take time that doubles with each letter of a text`,
      fix: isUnbounded
        ? 'write it without back-references, or shorter: nothing else can bound its time'
        : 'let a repeated group read a text in one way only, and add maxLength',
    };
  if (!isUnbounded) return undefined;
  return {
    severity: 'warning',
    message: `pattern ${shown(pattern)} has no automaton that would bound its time`,
    fix: 'write it without back-references, or shorter, and add maxLength',
  };
}
