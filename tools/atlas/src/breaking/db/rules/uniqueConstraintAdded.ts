import type { Index, Table } from '../catalog.ts';
import { quotedName, NO_ROW, stepFinding, tablesOf, type TableRule } from '../context.ts';
import { rowsRefused } from '../failures.ts';

export const uniqueConstraintAdded: TableRule = {
  id: 'unique-constraint-added',
  purpose:
    'Columns must be unique, so rows that the release before writes, or that are there already, are refused (23505).',
  level: 'wire',
  *check(context) {
    for (const step of context.steps)
      for (const { before, after } of tablesOf(context, step))
        for (const [id, index] of after?.indexes ?? []) {
          if (!after || !index.unique || before.indexes.has(id) || isImplied(index, before)) continue;
          const columns = index.columns.map((column) => after.columns.get(column)?.name ?? 'an expression');
          const said = {
            change: 'unique-constraint-added',
            message: `table ${quotedName(after.name)} must be unique in ${columns.join(', ')}`,
            names: [after.name, index.name],
            safePath: [
              'release code that writes no duplicates',
              'correct the rows that are there, and CREATE UNIQUE INDEX CONCURRENTLY by hand, which does not lock writes',
              'ADD CONSTRAINT … UNIQUE USING INDEX in a migration of the release after that',
            ],
          };
          const broken = rowsRefused(step, after.name, /^23505$/, (failure) => failure.constraint === index.name);
          yield stepFinding(context, step, said, broken, NO_ROW);
        }
  },
};

/** Rows that are unique in some columns are unique in more columns as well, if that is checked as soon. */
function isImplied({ columns, immediate }: Index, { indexes }: Table): boolean {
  return [...indexes.values()].some(
    (old) =>
      old.unique &&
      old.whole &&
      (old.immediate || !immediate) &&
      old.columns.every((column) => column !== 0 && columns.includes(column)),
  );
}
