import { quotedName, stepFinding, unproven, type TableRule } from '../context.ts';
import { failing } from '../failures.ts';

export const enumLabelRemoved: TableRule = {
  id: 'enum-label-removed',
  purpose:
    'A value of an enum type is gone or has another name, so statements of the release before that use it fail (22P02).',
  level: 'wire',
  *check(context) {
    for (const step of context.steps)
      for (const [id, { type, label }] of step.before.labels) {
        const now = step.after.labels.get(id);
        if (!context.old.labels.has(id) || now?.label === label) continue;
        const said = {
          change: 'enum-label-removed',
          message: now
            ? `the value '${label}' of type ${quotedName(type)} is renamed to '${now.label}'`
            : `the value '${label}' of type ${quotedName(type)} is gone`,
          names: [type, label],
          safePath: [
            'add the new value to the type, and release code that reads both and writes the new one',
            'change the rows that have the old value in batches',
            'leave the old value in the type: nothing uses it any more',
          ],
        };
        const broken = failing(
          step,
          ({ failure }) => failure.code === '22P02' && failure.message.includes(`"${label}"`),
        );
        yield stepFinding(context, step, said, broken, unproven('no statement was found that writes this value'));
      }
  },
};
