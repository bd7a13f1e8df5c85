import { KEYWORDS_ELSEWHERE } from '../../../jsonschema/findings.ts';
import { keywordsOf } from '../../../jsonschema/keywords.ts';
import { didYouMean } from '../../../document/suggest.ts';
import { schemaObjects } from '../../../read/openapi/schemas.ts';
import type { Rule } from '../../rule.ts';
import { UNSUPPORTED_KEYWORDS } from './openapiUnsupported.ts';

const KNOWN = [...keywordsOf('2020-12').keys()];
/** Another rule refuses the others. */
const PROPOSED = KNOWN.filter((key) => !UNSUPPORTED_KEYWORDS.includes(key));

export const keywordUnknown: Rule = {
  code: 'ATL2040',
  title: 'keyword that means nothing',
  explain: {
    why: 'In JSON Schema, an unknown keyword is an annotation (2020-12 core, section 6.5). So a misspelt keyword, or one of an older version, demands nothing.',
    bad: 'show: { type: string, maxLenght: 80 }',
    good: 'show: { type: string, maxLength: 80 }',
  },
  *check({ http }) {
    for (const schema of schemaObjects(http))
      for (const [key, value] of schema.entries()) {
        if (key.startsWith('x-') || KNOWN.includes(key)) continue;
        const fix = KEYWORDS_ELSEWHERE.get(key) ?? didYouMean(key, PROPOSED);
        if (fix !== undefined)
          yield {
            severity: 'warning',
            message: `the keyword ${JSON.stringify(key)} means nothing in OpenAPI 3.1`,
            loc: value.via?.loc ?? value.loc,
            fix,
          };
      }
  },
};
