import { KEYWORDS_ELSEWHERE } from '../../../jsonschema/findings.ts';
import { CHECKED_FORMATS, keywordsOf } from '../../../jsonschema/keywords.ts';
import { didYouMean } from '../../../document/suggest.ts';
import { schemaObjects } from '../../../read/openapi/schemas.ts';
import type { Rule } from '../../rule.ts';
import { UNSUPPORTED_KEYWORDS } from './openapiUnsupported.ts';

const KNOWN = [...keywordsOf('2020-12').keys()];
/** Another rule refuses the others. */
const PROPOSED = KNOWN.filter((key) => !UNSUPPORTED_KEYWORDS.includes(key));

/** Formats of JSON Schema and of OpenAPI's registry that are not checked, and well-known ids that look like "uuid". */
const OTHER_FORMATS: ReadonlySet<string> = new Set(
  (
    'int8 int16 uint8 uint16 uint32 uint64 float double single-int double-int decimal decimal128 byte binary ' +
    'base64url char password html commonmark media-range date-time-local time-local http-date unixtime idn-email ' +
    'idn-hostname iri iri-reference uri-template urn relative-json-pointer ulid cuid'
  ).split(' '),
);

export const keywordUnknown: Rule = {
  code: 'ATL2040',
  title: 'keyword that means nothing',
  explain: {
    why: 'In JSON Schema, an unknown keyword is an annotation (2020-12 core, section 6.5). So a misspelt keyword, or one of an older version, demands nothing. An unknown format demands nothing either, so Atlas warns if it looks like one that it checks.',
    bad: 'show: { type: string, maxLenght: 80 }',
    good: 'show: { type: string, maxLength: 80 }',
  },
  *check({ http }) {
    for (const schema of schemaObjects(http)) {
      const format = schema.get('format');
      const written = format?.value;
      const meant =
        typeof written === 'string' && !CHECKED_FORMATS.has(written) && !OTHER_FORMATS.has(written)
          ? didYouMean(written, [...CHECKED_FORMATS])
          : undefined;
      if (format !== undefined && meant !== undefined)
        yield {
          severity: 'warning',
          message: `the format ${JSON.stringify(written)} means nothing, so it is not checked`,
          loc: format.valueLoc,
          fix: meant,
        };
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
    }
  },
};
