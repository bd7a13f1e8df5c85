import { quotedName, stepFinding, tablesOf, untouched, type TableRule } from '../context.ts';
import { failsBecauseOf } from '../failures.ts';

export const tableRenamed: TableRule = {
  id: 'table-renamed',
  purpose:
    'A table gets another name while the release before still runs, so its statements on the table fail (42P01).',
  level: 'wire',
  *check(context) {
    for (const step of context.steps)
      for (const { before, after } of tablesOf(context, step)) {
        if (!after || after.name === before.name) continue;
        const said = {
          change: 'table-renamed',
          message: `table ${quotedName(before.name)} is renamed to ${quotedName(after.name)}`,
          names: [before.name],
          safePath: [
            `rename it, and create a view ${quotedName(before.name)} over ${quotedName(after.name)} in the same migration`,
            'release code that uses the new name',
            'drop the view in a migration of the release after that',
          ],
        };
        yield stepFinding(context, step, said, failsBecauseOf(step, before.name), untouched(context, before.name));
      }
  },
};
