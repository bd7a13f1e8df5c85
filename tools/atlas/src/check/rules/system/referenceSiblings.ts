import { childPointer } from '@atlas/ir';
import type { Rule } from '../../rule.ts';
import { references } from '../../../read/references.ts';

export const referenceSiblings: Rule = {
  code: 'ATL5011',
  title: 'ignored key beside $ref',
  explain: {
    why: 'In OpenAPI 3.1, a schema or a path item may have other keys beside a $ref, and other objects may have summary and description. All other keys are ignored.',
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
            fix: 'remove it, or replace the $ref by its content',
          };
    }
  },
};
