import { quotedName, stepFinding, tablesOf, untouched, type TableRule } from '../context.ts';
import { failsBecauseOf } from '../failures.ts';

export const columnRemoved: TableRule = {
  id: 'column-removed',
  purpose: 'A column is dropped while the release before still runs, so its statements on the column fail (42703).',
  level: 'wire',
  *check(context) {
    for (const step of context.steps)
      for (const { before, after } of tablesOf(context, step))
        for (const [id, column] of before.columns) {
          if (!after || after.columns.has(id)) continue;
          const said = {
            change: 'column-removed',
            message: `column ${quotedName(before.name, column.name)} is dropped`,
            names: [before.name, column.name],
            safePath: [
              'release code that neither reads nor writes the column; if it is NOT NULL, give it a default first',
              'drop the column in a migration of the release after that',
            ],
          };
          yield stepFinding(context, step, said, failsBecauseOf(step, column.name), untouched(context, before.name));
        }
  },
};
