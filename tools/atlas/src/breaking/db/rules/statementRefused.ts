import { mentions, stepFinding, type TableRule } from '../context.ts';
import { unclaimed } from '../failures.ts';

/**
 * For failures that no other rule reports, such as missing rights, functions, and indexes that ON CONFLICT needs. It
 * must come last.
 */
export const statementRefused: TableRule = {
  id: 'statement-refused',
  purpose:
    'A statement of the release before fails after the migration, for example because a right, a function or a unique index is gone.',
  level: 'wire',
  *check(context) {
    for (const step of context.steps) {
      const byReason = Map.groupBy(unclaimed(step), ({ failure }) => `${failure.code}: ${failure.message}`);
      for (const [reason, broken] of byReason) {
        const [first] = broken;
        const table = [...context.old.tables.values()].find(({ name }) => first && mentions(first.sql.join(' '), name));
        const said = {
          change: 'statement-refused',
          message: `a statement of the release before fails after this: ${reason}`,
          names: [table?.name ?? '', first?.failure.code ?? ''],
          reaches: table?.name ?? 'its schema',
          safePath: ['release code that does not need it', 'remove it in a migration of the release after that'],
        };
        yield stepFinding(context, step, said, broken, { severity: 'info' });
      }
    }
  },
};
