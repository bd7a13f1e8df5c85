import type { Finding } from '../../../diagnostics/diagnostic.ts';
import { webhookFunctions } from '../../../read/openapi/foreign.ts';
import type { HttpView } from '../../../read/openapi/http.ts';
import type { Rule } from '../../rule.ts';

export const webhookSender: Rule = {
  code: 'ATL2043',
  title: 'webhook that cannot be sent',
  explain: {
    why: 'A webhook becomes a function that sends it, signed by Standard Webhooks: a POST with a JSON body, and a security scheme for the header webhook-signature. A double of an outside system leaves the others out.',
    bad: 'webhooks: { booking.made: { post: { security: [] } } }',
    good: 'webhooks: { booking.made: { post: { security: [{ signature: [] }], requestBody: { content: { application/json: { schema: { type: object } } } } } } }\ncomponents: { securitySchemes: { signature: { type: apiKey, in: header, name: webhook-signature } } }',
  },
  *check({ workspace, http, foreign }) {
    const played = new Set(workspace.config.doubles.map(({ document }) => document));
    for (const view of http) yield* faultsIn(view, 'error');
    for (const view of foreign.filter(({ root }) => played.has(root.file))) yield* faultsIn(view, 'warning');
  },
};

function* faultsIn(view: HttpView, severity: 'error' | 'warning'): Generator<Finding> {
  for (const found of webhookFunctions(view))
    if ('unusable' in found)
      yield {
        severity,
        message: `${found.operation.label} ${found.unusable.why}`,
        loc: found.unusable.at.via?.loc ?? found.unusable.at.loc,
        fix: found.unusable.fix,
      };
}
