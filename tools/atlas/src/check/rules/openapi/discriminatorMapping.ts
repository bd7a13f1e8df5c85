import type { Rule } from '../../rule.ts';
import { didYouMean } from '../../../document/suggest.ts';
import { schemaObjects } from '../../../read/openapi/schemas.ts';

export const discriminatorMapping: Rule = {
  code: 'ATL2035',
  title: 'discriminator maps to nothing',
  explain: {
    why: 'Each value in a mapping is the name of a schema in components, or a reference to a schema (OpenAPI 3.1, section 4.8.25.1).',
    bad: 'discriminator: { propertyName: kind, mapping: { adult: Adlut } }',
    good: 'discriminator: { propertyName: kind, mapping: { adult: Adult } }',
  },
  *check({ http, workspace }) {
    for (const schema of schemaObjects(http))
      for (const [, target] of schema.at('discriminator', 'mapping')?.entries() ?? []) {
        const text = target.string();
        if (text === undefined) continue;
        const root = workspace.documents.get(target.file);
        const names = (root?.at('components', 'schemas')?.entries() ?? []).map(([name]) => name);
        if (names.includes(text) || workspace.locate(target.file, text)) continue;
        yield {
          message: `the mapping leads nowhere: there is no schema ${JSON.stringify(text)}`,
          loc: target.valueLoc,
          fix: didYouMean(text, names) ?? 'write the name of a schema in components, or a reference to a schema',
        };
      }
  },
};
