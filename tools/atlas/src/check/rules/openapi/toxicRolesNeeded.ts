import { rolesOf, securityLists } from '../../../read/openapi/http.ts';
import type { Rule } from '../../rule.ts';

export const toxicRolesNeeded: Rule = {
  code: 'ATL2050',
  title: 'operation that nobody may call',
  explain: {
    why: 'Within one alternative of security, all roles are needed. If they are a set in toxicRoles of atlas.config.yaml, every token with these roles is refused.',
    bad: 'security: [{ keycloak: [clerk, auditor] }]\n# atlas.config.yaml\ntoxicRoles: [[clerk, auditor]]',
    good: 'security: [{ keycloak: [clerk] }, { keycloak: [auditor] }]\n# atlas.config.yaml\ntoxicRoles: [[clerk, auditor]]',
  },
  *check({ workspace, http }) {
    for (const alternative of http.flatMap(securityLists).flatMap((list) => list.items())) {
      const needed = rolesOf(alternative);
      const toxic = workspace.config.toxicRoles.find((set) => set.every(({ name }) => needed.includes(name)));
      if (toxic)
        yield {
          message: `this needs the roles ${toxic.map(({ name }) => name).join(' and ')}, which nobody may have together`,
          loc: alternative.valueLoc,
          fix: 'write one alternative per role, or need fewer roles',
          related: toxic.slice(0, 1).map(({ loc }) => ({ loc, message: 'the set' })),
        };
    }
  },
};
