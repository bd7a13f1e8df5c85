import { didYouMean } from '../../../document/suggest.ts';
import type { Rule } from '../../rule.ts';
import { schemesOf, securityLists } from '../../../read/openapi/http.ts';

export const securitySchemeUnknown: Rule = {
  code: 'ATL2014',
  title: 'unknown security scheme',
  explain: {
    why: 'Each name in security must be declared in components.securitySchemes of the same document.',
    bad: 'security: [{ keyclock: [ops] }]',
    good: 'security: [{ keycloak: [ops] }]',
  },
  *check({ http }) {
    for (const view of http) {
      const schemes = [...schemesOf(view).keys()];
      for (const list of securityLists(view))
        for (const alternative of list.items())
          for (const [name, roles] of alternative.entries())
            if (!schemes.includes(name))
              yield {
                message: `unknown security scheme ${JSON.stringify(name)}`,
                loc: roles.loc,
                fix: didYouMean(name, schemes) ?? 'declare it in components.securitySchemes',
              };
    }
  },
};
