import { columnsOf, quotedName, stepFinding, untouched, type TableRule } from '../context.ts';
import { failsBecauseOf } from '../failures.ts';

export const columnRenamed: TableRule = {
  id: 'column-renamed',
  purpose:
    'A column gets another name while the release before still runs, so its statements on the column fail (42703).',
  level: 'wire',
  *check(context) {
    for (const step of context.steps)
      for (const { table, before, after } of columnsOf(context, step)) {
        if (after.name === before.name) continue;
        const said = {
          change: 'column-renamed',
          message: `column ${quotedName(table.name, before.name)} is renamed to ${quotedName(after.name)}`,
          names: [table.name, before.name],
          safePath: [
            `add a column ${quotedName(after.name)}, and release code that writes both and still reads ${quotedName(before.name)}`,
            `copy the old rows in batches, and release code that uses ${quotedName(after.name)} only`,
            `drop ${quotedName(before.name)} in a migration of the release after that`,
          ],
        };
        yield stepFinding(context, step, said, failsBecauseOf(step, before.name), untouched(context, table.name));
      }
  },
};
