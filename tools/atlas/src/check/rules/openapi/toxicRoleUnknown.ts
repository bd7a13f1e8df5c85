import { didYouMean } from '../../../document/suggest.ts';
import { rolesOf, securityLists } from '../../../read/openapi/http.ts';
import type { Rule } from '../../rule.ts';

export const toxicRoleUnknown: Rule = {
  code: 'ATL2051',
  title: 'unknown role in toxicRoles',
  explain: {
    why: 'A role that no operation needs is usually a spelling mistake, and then nothing keeps the real roles apart.',
    bad: 'toxicRoles: [[clerk, auditr]]',
    good: 'toxicRoles: [[clerk, auditor]]',
  },
  *check({ workspace, http }) {
    const lists = http.flatMap(securityLists);
    const known = [...new Set(lists.flatMap((list) => list.items()).flatMap(rolesOf))];
    for (const { name, loc } of workspace.config.toxicRoles.flat())
      if (!known.includes(name))
        yield {
          message: `no operation needs the role ${JSON.stringify(name)}`,
          loc,
          fix: didYouMean(name, known) ?? 'remove the set, or name the role in security of an operation',
        };
  },
};
