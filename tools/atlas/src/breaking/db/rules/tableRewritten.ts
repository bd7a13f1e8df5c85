import { quotedName, stepFinding, tablesOf, unproven, type TableRule } from '../context.ts';

export const tableRewritten: TableRule = {
  id: 'table-rewritten',
  purpose: 'All rows of a table are written again under a lock that stops reads and writes.',
  level: 'wire',
  *check(context) {
    for (const step of context.steps)
      for (const { before, after } of tablesOf(context, step)) {
        if (!after || after.file === before.file) continue;
        const said = {
          change: 'table-rewritten',
          message: `all rows of ${quotedName(before.name)} are written again while reads and writes wait`,
          names: [before.name],
          safePath: [
            'add a new column without a volatile default, and release code that writes both columns',
            'copy the old rows in batches, and drop the old column in a migration of the release after that',
          ],
        };
        yield stepFinding(context, step, said, [], unproven('how long that takes depends on the rows of the table'));
      }
  },
};
