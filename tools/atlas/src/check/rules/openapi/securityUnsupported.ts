import type { Rule } from '../../rule.ts';
import { schemesOf, securityLists } from '../../../read/openapi/http.ts';

export const securityUnsupported: Rule = {
  code: 'ATL2015',
  title: 'unsupported security',
  explain: {
    why: 'Atlas refuses security that it cannot enforce. It supports schemes of type http with scheme bearer, and one scheme per alternative.',
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
        if (type === 'http' && kind === 'bearer') continue;
        yield {
          message: `security scheme ${JSON.stringify(name)} is ${[type ?? 'without a type', kind].filter((part) => part !== undefined).join(' ')}, which is not supported yet`,
          loc: (scheme.get('type') ?? scheme).valueLoc,
          fix: 'use type: http, scheme: bearer',
        };
      }
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
