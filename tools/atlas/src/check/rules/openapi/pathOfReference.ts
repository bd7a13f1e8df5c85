import { isSafe, REFERENCE_PATHS } from '@atlas/ir';
import type { Rule } from '../../rule.ts';

export const pathOfReference: Rule = {
  code: 'ATL2036',
  title: 'path of the reference',
  explain: {
    why: 'Each service serves its document at /openapi.json and a page for readers at /docs. Two routes cannot have the same path.',
    bad: '/docs:\n  get: { operationId: listDocs, ... }',
    good: '/v1/docs:\n  get: { operationId: listDocs, ... }',
  },
  *check({ http }) {
    for (const { operations, service } of http)
      for (const { path, method, label, cursor } of operations)
        if (isSafe(method) && REFERENCE_PATHS.includes(`${service.basePath ?? ''}${path}`))
          yield {
            message: `${label} has a path of the reference that each service serves`,
            loc: cursor.loc,
            fix: 'choose another path, or put all routes below a basePath in atlas.config.yaml',
          };
  },
};
