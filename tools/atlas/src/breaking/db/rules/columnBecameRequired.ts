import { columnsOf, quotedName, NO_ROW, stepFinding, type TableRule } from '../context.ts';
import { rowsRefused } from '../failures.ts';

export const columnBecameRequired: TableRule = {
  id: 'column-became-required',
  purpose:
    'A column no longer accepts NULL, or no longer has a default, so rows that the release before writes are refused (23502).',
  level: 'wire',
  *check(context) {
    for (const step of context.steps)
      for (const { table, before, after } of columnsOf(context, step)) {
        const required = after.required && !before.required;
        const bare = after.required && before.hasDefault && !after.hasDefault;
        if (!required && !bare) continue;
        const said = {
          change: 'column-became-required',
          message: required
            ? `column ${quotedName(table.name, after.name)} becomes NOT NULL`
            : `column ${quotedName(table.name, after.name)} is NOT NULL and loses its default`,
          names: [table.name, after.name],
          safePath: [
            'release code that always writes the column',
            'fill the rows that lack it in batches, and add CHECK (… IS NOT NULL) NOT VALID, then VALIDATE CONSTRAINT',
            'set NOT NULL in a migration of the release after that; it then reads no row',
          ],
        };
        const broken = rowsRefused(step, table.name, /^23502$/, ({ column }) => column === after.name);
        yield stepFinding(context, step, said, broken, NO_ROW);
      }
  },
};
