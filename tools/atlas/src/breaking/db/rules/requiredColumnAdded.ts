import { quotedName, NO_ROW, stepFinding, tablesOf, type TableRule } from '../context.ts';
import { rowsRefused } from '../failures.ts';

export const requiredColumnAdded: TableRule = {
  id: 'required-column-added',
  purpose: 'A new column is NOT NULL and has no default, so rows that the release before writes are refused (23502).',
  level: 'wire',
  *check(context) {
    for (const step of context.steps)
      for (const { before, after } of tablesOf(context, step))
        for (const [id, column] of after?.columns ?? []) {
          if (before.columns.has(id) || !column.required || column.hasDefault) continue;
          const said = {
            change: 'required-column-added',
            message: `the new column ${quotedName(before.name, column.name)} is NOT NULL and has no default`,
            names: [before.name, column.name],
            safePath: [
              'add the column with a DEFAULT, or without NOT NULL',
              'release code that writes it, and fill the old rows in batches',
              'drop the default, or set NOT NULL, in a migration of the release after that',
            ],
          };
          const broken = rowsRefused(step, before.name, /^23502$/, (failure) => failure.column === column.name);
          yield stepFinding(context, step, said, broken, NO_ROW);
        }
  },
};
