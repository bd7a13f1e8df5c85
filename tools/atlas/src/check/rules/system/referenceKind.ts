import type { Rule } from '../../rule.ts';
import { references } from '../../../read/references.ts';

export const referenceKind: Rule = {
  code: 'ATL5010',
  title: 'reference to the wrong kind',
  explain: {
    why: 'If a response is expected, the reference must lead to a response. The JSON Schemas of the standards do not check this.',
    bad: "responses: { '404': { $ref: '#/components/schemas/Problem' } }",
    good: "responses: { '404': { $ref: '#/components/responses/NotFound' } }",
  },
  *check({ workspace }) {
    for (const { ref, loc, wanted, actual, standard, actualStandard } of references(workspace)) {
      // Only a schema is the same kind of thing in both standards.
      const same = actual === wanted && (standard === actualStandard || actual === 'schema');
      if (actual !== undefined && !same)
        yield {
          message: `${JSON.stringify(ref)} is ${nounOf(actual)}, but ${nounOf(wanted)} is expected here`,
          loc,
          fix: `refer to ${nounOf(wanted)}`,
        };
    }
  },
};

function nounOf(kind: string): string {
  if (kind === 'data') return 'free data';
  const noun = kind.replace('*', ' map');
  return /^[aeio]/.test(noun) ? `an ${noun}` : `a ${noun}`;
}
