import { expressionOf } from '../../../jsonschema/pattern/expression.ts';
import { headerParam } from '../../../read/openapi/messages.ts';
import type { Rule } from '../../rule.ts';

export const ifMatchAnyTag: Rule = {
  code: 'ATL2041',
  title: 'If-Match that promises to take any tag',
  explain: {
    why: 'Atlas writes the version of a resource into ETag and reads it from If-Match. Any other tag was never given by the service, so it is answered with 412 before the handler runs (RFC 9110, section 13.1.1). The contract should say which tags there are.',
    bad: 'name: If-Match\nschema: { type: string }',
    good: `name: If-Match\nschema: { type: string, pattern: '^"[1-9][0-9]{0,18}"$' }`,
  },
  *check({ http }) {
    const seen = new Set<string>();
    for (const { operations } of http)
      for (const operation of operations) {
        const param = headerParam(operation, 'If-Match')?.cursor;
        if (!param || seen.has(`${param.file}#${param.pointer}`)) continue;
        seen.add(`${param.file}#${param.pointer}`);
        const schema = param.get('schema');
        if (expressionOf(schema?.get('pattern')?.string() ?? '')?.test('"opaque"') === false) continue;
        yield {
          severity: 'warning',
          message:
            'If-Match promises to take any tag, but tags are versions such as "7", and others are answered with 412',
          loc: (schema ?? param).loc,
          fix: `add pattern: '^"[1-9][0-9]{0,18}"$'`,
        };
      }
  },
};
