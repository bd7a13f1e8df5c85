import type { Rule } from '../../rule.ts';
import { headerParam } from '../../../read/openapi/messages.ts';
import { etagOf, tagKindsOf, VERSION_PATTERN } from '../../../read/openapi/tags.ts';

export const ifMatchWithoutEtag: Rule = {
  code: 'ATL2022',
  title: 'If-Match without ETag',
  explain: {
    why: 'A client can only send back a tag that it received, so some 2xx response must declare the header ETag, with a version if If-Match accepts versions only.',
    bad: 'responses: { 200: { description: The booking. } }',
    good: 'responses: { 200: { description: The booking., headers: { ETag: { schema: { type: string } } } } }',
  },
  *check({ http }) {
    for (const view of http) {
      const kindOf = tagKindsOf(view);
      const given = new Set(
        view.operations
          .flatMap(({ responses }) => responses)
          .filter(({ status }) => status.startsWith('2'))
          .flatMap(({ cursor }) => etagOf(cursor) ?? [])
          .map((etag) => kindOf(etag.get('schema'))),
      );
      for (const operation of view.operations) {
        const param = headerParam(operation, 'If-Match');
        if (!param) continue;
        const loc = param.cursor.via?.loc ?? param.cursor.loc;
        if (given.size === 0)
          yield {
            message: `${operation.label} has If-Match, but no response in the document declares ETag`,
            loc,
            fix: 'declare the header ETag on the response that returns the resource',
          };
        else if (kindOf(param.cursor.get('schema')) === 'version' && !given.has('version'))
          yield {
            message: `${operation.label} accepts versions in If-Match, but no ETag in the document is a version`,
            loc,
            fix: `add pattern: ${VERSION_PATTERN} to the schema of the ETag, or remove it from If-Match`,
          };
      }
    }
  },
};
