import { columnsOf, quotedName, NO_ROW, stepFinding, type TableRule } from '../context.ts';
import { failsBecauseOf, rowsRefused } from '../failures.ts';
import { isWider } from '../types.ts';

export const columnTypeChanged: TableRule = {
  id: 'column-type-changed',
  purpose:
    'A column gets a type that does not accept every value of the old one, so the release before fails to write (22001, 22003).',
  level: 'wire',
  *check(context) {
    for (const step of context.steps)
      for (const { table, before, after } of columnsOf(context, step)) {
        if (before.type === after.type || isWider(before.type, after.type)) continue;
        const said = {
          change: 'column-type-changed',
          message: `column ${quotedName(table.name, before.name)} changes from ${before.type} to ${after.type}`,
          names: [table.name, before.name],
          safePath: [
            `add a column of type ${after.type}, and release code that writes both`,
            'copy the old rows in batches, and release code that reads the new column',
            'drop the old column in a migration of the release after that',
          ],
        };
        const broken = [
          ...rowsRefused(step, table.name, /^(?:22|23514$|42804$)/, (_, varied) => varied === before.name),
          ...failsBecauseOf(step, before.name),
        ];
        yield stepFinding(context, step, said, broken, NO_ROW);
      }
  },
};
