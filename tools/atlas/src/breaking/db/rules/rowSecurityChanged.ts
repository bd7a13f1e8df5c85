import { quotedName, stepFinding, tablesOf, unproven, type TableRule } from '../context.ts';

export const rowSecurityChanged: TableRule = {
  id: 'row-security-changed',
  purpose:
    'Row security is turned on or its policies change, so the release before may no longer see or write all rows.',
  level: 'wire',
  *check(context) {
    for (const step of context.steps)
      for (const { before, after } of tablesOf(context, step)) {
        if (!after || after.security === '' || after.security === before.security) continue;
        const said = {
          change: 'row-security-changed',
          message: `row security of table ${quotedName(before.name)} ${before.security === '' ? 'is turned on' : 'has other policies'}`,
          names: [before.name],
          safePath: [
            'add a policy that lets the role of the release before see and write all rows, then turn row security on',
            'release code that works with narrower policies',
            'narrow the policies in a migration of the release after that',
          ],
        };
        const why = 'which rows a policy hides or refuses depends on the rows and on the settings of the session';
        yield stepFinding(context, step, said, [], unproven(why));
      }
  },
};
