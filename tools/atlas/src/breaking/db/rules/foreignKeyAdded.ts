import { quotedName, NO_ROW, stepFinding, tablesOf, type Step, type TableContext, type TableRule } from '../context.ts';
import type { Constraint, Table } from '../catalog.ts';
import { newConstraints, rowsRefused } from '../failures.ts';

export const foreignKeyAdded: TableRule = {
  id: 'foreign-key-added',
  purpose: 'A new reference refuses rows whose parent does not exist, which the release before may write (23503).',
  level: 'wire',
  *check(context) {
    for (const step of context.steps)
      for (const { table, constraint, isNew } of keysOf(context, step)) {
        const said = {
          change: 'foreign-key-added',
          message: isNew
            ? `table ${quotedName(table.name)} gets ${quotedName(constraint.name)} ${constraint.text}`
            : `${quotedName(constraint.name)} of table ${quotedName(table.name)} is checked after each statement, and not only at the end of a transaction`,
          names: [table.name, constraint.name],
          safePath: [
            'release code that writes the parent first',
            'add the reference as NOT VALID, and correct the rows that are there in batches',
            'VALIDATE CONSTRAINT in a later migration; that locks no writes',
          ],
        };
        const broken = rowsRefused(step, table.name, /^23503$/, (failure) => failure.constraint === constraint.name);
        yield stepFinding(context, step, said, broken, NO_ROW);
      }
  },
};

/** References that are new, or that no longer wait for the end of the transaction. */
function* keysOf(
  context: TableContext,
  step: Step,
): Iterable<{ readonly table: Table; readonly constraint: Constraint; readonly isNew: boolean }> {
  for (const one of newConstraints(context, step, 'foreign')) yield { ...one, isNew: true };
  for (const { before, after } of tablesOf(context, step))
    for (const [id, constraint] of after?.constraints ?? [])
      if (after && before.constraints.get(id)?.deferrable && !constraint.deferrable)
        yield { table: after, constraint, isNew: false };
}
