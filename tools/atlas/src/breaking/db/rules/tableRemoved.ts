import { quotedName, stepFinding, tablesOf, untouched, type TableRule } from '../context.ts';
import { failsBecauseOf } from '../failures.ts';

export const tableRemoved: TableRule = {
  id: 'table-removed',
  purpose: 'A table is dropped while the release before still runs, so its statements on the table fail (42P01).',
  level: 'wire',
  *check(context) {
    for (const step of context.steps)
      for (const { before, after } of tablesOf(context, step)) {
        if (after) continue;
        const said = {
          change: 'table-removed',
          message: `table ${quotedName(before.name)} is dropped`,
          names: [before.name],
          safePath: [
            'release code that does not use the table',
            'drop the table in a migration of the release after that',
          ],
        };
        yield stepFinding(context, step, said, failsBecauseOf(step, before.name), untouched(context, before.name));
      }
  },
};
