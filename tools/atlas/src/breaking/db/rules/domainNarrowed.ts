import { quotedName, NO_ROW, stepFinding, type TableRule } from '../context.ts';
import { failing } from '../failures.ts';

export const domainNarrowed: TableRule = {
  id: 'domain-narrowed',
  purpose:
    'A domain gets a CHECK or becomes NOT NULL, so it refuses values that the release before writes (23514, 23502).',
  level: 'wire',
  *check(context) {
    for (const step of context.steps)
      for (const [id, { name, required, constraints }] of step.after.domains) {
        const before = step.before.domains.get(id);
        if (!before || !context.old.domains.has(id)) continue;
        const added = [...constraints.values()].filter((one) => !before.constraints.has(one.id));
        const narrower = [
          ...added.map((one) => ({
            is: `gets ${quotedName(one.name)} ${one.text}`,
            names: [name, one.name],
            constraint: one.name,
          })),
          ...(required && !before.required ? [{ is: 'becomes NOT NULL', names: [name], constraint: undefined }] : []),
        ];
        for (const { is, names, constraint } of narrower) {
          const said = {
            change: 'domain-narrowed',
            message: `domain ${quotedName(name)} ${is}`,
            names,
            safePath: [
              'release code that writes only values that the domain will accept',
              'correct the rows that are there in batches; a CHECK may be added as NOT VALID before',
              'narrow the domain in a migration of the release after that',
            ],
          };
          const broken = failing(step, ({ failure: { code, message, constraint: violated } }) =>
            constraint === undefined
              ? code === '23502' && message.startsWith(`domain ${quotedName(name)} `)
              : code === '23514' && violated === constraint,
          );
          yield stepFinding(context, step, said, broken, NO_ROW);
        }
      }
  },
};
