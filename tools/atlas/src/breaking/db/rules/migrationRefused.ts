import { stepFinding, type TableRule } from '../context.ts';

export const migrationRefused: TableRule = {
  id: 'migration-refused',
  purpose: 'Postgres refuses a statement of a new migration, so nothing of its file is applied and the release stops.',
  level: 'wire',
  *check(context) {
    for (const step of context.steps) {
      const { refused, text } = step;
      if (!refused) continue;
      const said = {
        change: 'migration-refused',
        message: `Postgres refuses the migration: ${refused.message} (${refused.code})`,
        names: [],
        safePath: [
          'correct the statement; each file runs in a transaction of its own, as the role that owns the tables',
        ],
      };
      const finding = stepFinding(context, step, said, [], { severity: 'error' });
      const shown = `BEGIN;\n${text};\n-- ${refused.code}: ${refused.message}`;
      yield { ...finding, reaches: [context.service], witness: { acceptedBy: 'old', value: text, at: '', shown } };
    }
  },
};
