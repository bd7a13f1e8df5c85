import { named, NO_ROW, stepFinding, type TableRule } from '../context.ts';
import { newConstraints, rowsRefused } from '../failures.ts';

export const foreignKeyAdded: TableRule = {
  id: 'foreign-key-added',
  purpose: 'A new reference refuses rows whose parent does not exist, which the release before may write (23503).',
  level: 'wire',
  *check(context) {
    for (const step of context.steps)
      for (const { table, constraint } of newConstraints(context, step, 'foreign')) {
        const said = {
          change: 'foreign-key-added',
          message: `table ${named(table.name)} gets ${named(constraint.name)} ${constraint.text}`,
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
