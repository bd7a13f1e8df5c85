import { quotedName, NO_ROW, stepFinding, type TableRule } from '../context.ts';
import { newConstraints, rowsRefused } from '../failures.ts';

export const checkConstraintAdded: TableRule = {
  id: 'check-constraint-added',
  purpose: 'A new CHECK refuses rows that the release before writes, and rows that are there already (23514).',
  level: 'wire',
  *check(context) {
    for (const step of context.steps)
      for (const { table, constraint } of newConstraints(context, step, 'check')) {
        const said = {
          change: 'check-constraint-added',
          message: `table ${quotedName(table.name)} gets ${quotedName(constraint.name)} ${constraint.text}`,
          names: [table.name, constraint.name],
          safePath: [
            'release code that writes only rows that the CHECK accepts',
            'add the CHECK as NOT VALID, and correct the rows that are there in batches',
            'VALIDATE CONSTRAINT in a later migration; that locks no writes',
          ],
        };
        const broken = rowsRefused(step, table.name, /^23514$/, (failure) => failure.constraint === constraint.name);
        yield stepFinding(context, step, said, broken, NO_ROW);
      }
  },
};
