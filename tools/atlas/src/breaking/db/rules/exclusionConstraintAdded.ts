import { quotedName, NO_ROW, stepFinding, type TableRule } from '../context.ts';
import { newConstraints, rowsRefused } from '../failures.ts';

export const exclusionConstraintAdded: TableRule = {
  id: 'exclusion-constraint-added',
  purpose:
    'A new EXCLUDE constraint refuses rows that conflict with others, which the release before may write (23P01).',
  level: 'wire',
  *check(context) {
    for (const step of context.steps)
      for (const { table, constraint } of newConstraints(context, step, 'exclusion')) {
        const said = {
          change: 'exclusion-constraint-added',
          message: `table ${quotedName(table.name)} gets ${quotedName(constraint.name)} ${constraint.text}`,
          names: [table.name, constraint.name],
          safePath: [
            'release code that writes no rows that conflict',
            'correct the rows that are there',
            'add the constraint in a migration of the release after that; it reads all rows while writes wait',
          ],
        };
        const broken = rowsRefused(step, table.name, /^23P01$/, (failure) => failure.constraint === constraint.name);
        yield stepFinding(context, step, said, broken, NO_ROW);
      }
  },
};
