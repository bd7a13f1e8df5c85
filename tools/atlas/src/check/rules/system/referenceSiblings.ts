import { childPointer } from '../../../document/pointer.ts';
import type { Rule } from '../../rule.ts';
import { references } from '../../../read/openapi/references.ts';

export const referenceSiblings: Rule = {
  code: 'ATL5011',
  title: 'a key beside $ref that nobody reads',
  explain: {
    why: 'Only schemas and path items of OpenAPI 3.1 may say more beside a $ref; elsewhere other keys than summary and description are ignored.',
    bad: "'404': { $ref: '#/components/responses/NotFound', headers: {} }",
    good: "'404': { $ref: '#/components/responses/NotFound' }",
  },
  *check({ workspace }) {
    for (const { loc, wanted, standard, siblings } of references(workspace)) {
      const openapi = standard === 'openapi';
      if (openapi && (wanted === 'schema' || wanted === 'path')) continue;
      for (const key of siblings)
        if (!openapi || (key !== 'summary' && key !== 'description'))
          yield {
            message: `key ${JSON.stringify(key)} beside $ref is ignored`,
            loc: workspace.locOf(loc.file, childPointer(loc.pointer, key)).key,
            fix: 'remove it, or write the thing out instead of the $ref',
          };
    }
  },
};
