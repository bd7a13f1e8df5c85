import { headerParam } from '../../../read/openapi/messages.ts';
import { hasTagPattern, tagKindsOf, VERSION_PATTERN } from '../../../read/openapi/tags.ts';
import type { Rule } from '../../rule.ts';

export const ifMatchAnyTag: Rule = {
  code: 'ATL2041',
  title: 'If-Match that promises to accept any tag',
  explain: {
    why: 'The tags of this document are versions: the plumbing writes them into ETag and reads them from If-Match. The service never gave any other tag, so it answers one with 412 before the handler runs (RFC 9110, section 13.1.1). The contract should say which tags there are. Tags are versions if a pattern says so. In a document without such a pattern, only the handlers understand the tags.',
    bad: 'name: If-Match\nschema: { type: string }',
    good: `name: If-Match\nschema: { type: string, pattern: ${VERSION_PATTERN} }`,
  },
  *check({ http }) {
    const seen = new Set<string>();
    for (const view of http) {
      const kindOf = tagKindsOf(view);
      for (const operation of view.operations) {
        const param = headerParam(operation, 'If-Match')?.cursor;
        if (!param || seen.has(`${param.file}#${param.pointer}`)) continue;
        seen.add(`${param.file}#${param.pointer}`);
        const schema = param.get('schema');
        if (hasTagPattern(schema) || kindOf(schema) === 'opaque') continue;
        yield {
          severity: 'warning',
          message:
            'If-Match promises to accept any tag, but tags are versions such as "7", and others are answered with 412',
          loc: (schema ?? param).loc,
          fix: `add pattern: ${VERSION_PATTERN}`,
        };
      }
    }
  },
};
