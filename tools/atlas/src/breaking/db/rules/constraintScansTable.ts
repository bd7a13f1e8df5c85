import { quotedName, stepFinding, unproven, type TableRule } from '../context.ts';
import { newConstraints } from '../failures.ts';

export const constraintScansTable: TableRule = {
  id: 'constraint-scans-table',
  purpose: 'A constraint is added without NOT VALID, so all rows are read while the table is locked.',
  level: 'wire',
  *check(context) {
    for (const step of context.steps)
      for (const { table, constraint } of newConstraints(context, step, 'check', 'foreign')) {
        if (!constraint.validated) continue;
        const said = {
          change: 'constraint-scans-table',
          message: `adding ${quotedName(constraint.name)} reads all rows of ${quotedName(table.name)} while writes to it wait`,
          names: [table.name, constraint.name],
          safePath: [
            'add the constraint as NOT VALID',
            'VALIDATE CONSTRAINT in a migration of its own, which lets reads and writes pass',
          ],
        };
        yield stepFinding(context, step, said, [], unproven('how long that takes depends on the rows of the table'));
      }
  },
};
