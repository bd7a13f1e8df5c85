import type { Rule } from '../../rule.ts';
import type { Finding } from '../../../diagnostics/diagnostic.ts';
import { isWebhookScheme, schemesOf, securityLists, securityOf, type HttpView } from '../../../read/openapi/http.ts';

export const securityUnsupported: Rule = {
  code: 'ATL2015',
  title: 'unsupported security',
  explain: {
    why: 'Atlas refuses security that it cannot enforce. It supports schemes of type http with scheme bearer, signatures of Standard Webhooks (an API key in the header webhook-signature), and one scheme per alternative.',
    bad: 'security: [{}]',
    good: 'security: []',
  },
  *check({ http }) {
    for (const view of http) {
      const used = new Set(
        securityLists(view).flatMap((list) => list.items().flatMap((one) => one.entries().map(([name]) => name))),
      );
      for (const [name, scheme] of schemesOf(view)) {
        if (!used.has(name)) continue;
        const type = scheme.get('type')?.string();
        const kind = scheme.get('scheme')?.string()?.toLowerCase();
        if ((type === 'http' && kind === 'bearer') || isWebhookScheme(scheme)) continue;
        yield {
          message: `security scheme ${JSON.stringify(name)} is ${[type ?? 'without a type', kind].filter((part) => part !== undefined).join(' ')}, which is not supported yet`,
          loc: (scheme.get('type') ?? scheme).valueLoc,
          fix: 'use type: http, scheme: bearer',
        };
      }
      yield* ofWebhooks(view);
      for (const list of securityLists(view))
        for (const alternative of list.items()) {
          const names = alternative.entries();
          if (names.length === 1) continue;
          yield {
            message:
              names.length === 0
                ? 'an empty alternative lets anyone in'
                : 'an alternative with several schemes is not supported yet',
            loc: alternative.valueLoc,
            fix: names.length === 0 ? 'write security: [] for a public operation' : 'write one scheme per alternative',
          };
        }
    }
  },
};

/** A signature is not a token: it has no roles, and it signs a body. */
function* ofWebhooks({ operations }: HttpView): Generator<Finding> {
  for (const operation of operations) {
    const alternatives = securityOf(operation);
    const signed = alternatives.filter(({ webhook }) => webhook === true);
    if (signed.length === 0) continue;
    const { cursor, label, method } = operation;
    const loc = (cursor.get('security') ?? cursor).valueLoc;
    if (alternatives.length > 1)
      yield { message: `${label} is signed, and has other security`, loc, fix: 'keep the signature alone' };
    if (signed.some(({ roles }) => roles.length > 0))
      yield { message: `${label} is signed, and a signature has no roles`, loc, fix: 'write an empty list' };
    if (method !== 'post' || !cursor.get('requestBody'))
      yield { message: `${label} is signed, but is not a POST with a body`, loc, fix: 'use post with a requestBody' };
  }
}
