import { shown } from '../../../diagnostics/shown.ts';
import { growthOf } from '../../../jsonschema/pattern/slow.ts';
import { schemaObjects } from '../../../read/openapi/schemas.ts';
import type { Rule } from '../../rule.ts';

export const patternSlow: Rule = {
  code: 'ATL2039',
  title: 'pattern that takes exponential time',
  explain: {
    why: 'A regular expression that can read the same text in many ways tries all of them: thirty letters can take minutes in clients and in other tools. Generated validators use an automaton instead if the pattern has a small one.',
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
      for (const { text, loc } of all)
        if (growthOf(text) === 'exponential')
          yield {
            severity: 'warning',
            message: `pattern ${shown(text)} can take time that doubles with each letter of a text`,
            loc,
            fix: 'let a repeated group read a text in one way only, and add maxLength',
          };
    }
  },
};
