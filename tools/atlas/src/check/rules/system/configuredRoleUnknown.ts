import { didYouMean } from '../../../document/suggest.ts';
import { rolesOf, securityLists } from '../../../read/openapi/http.ts';
import type { Rule } from '../../rule.ts';

export const configuredRoleUnknown: Rule = {
  code: 'ATL2051',
  title: 'unknown role in atlas.config.yaml',
  explain: {
    why: 'A role of toxicRoles or roleGroups that no operation needs is mostly a spelling mistake. Then nothing keeps the roles apart, or somebody sees less than they should.',
    bad: 'toxicRoles: [[clerk, auditr]]',
    good: 'toxicRoles: [[clerk, auditor]]',
  },
  *check({ workspace, http }) {
    const lists = http.flatMap(securityLists);
    const known = [...new Set(lists.flatMap((list) => list.items()).flatMap(rolesOf))];
    const { toxicRoles, roleGroups } = workspace.config;
    for (const { name, loc } of [...toxicRoles.flat(), ...roleGroups.flatMap(({ roles }) => roles)])
      if (!known.includes(name))
        yield {
          message: `no operation needs the role ${JSON.stringify(name)}`,
          loc,
          fix: didYouMean(name, known) ?? 'remove the role, or name it in security of an operation',
        };
  },
};
