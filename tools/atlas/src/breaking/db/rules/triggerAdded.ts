import { quotedName, stepFinding, tablesOf, unproven, type TableRule } from '../context.ts';
import { rowsRefused } from '../failures.ts';

export const triggerAdded: TableRule = {
  id: 'trigger-added',
  purpose:
    'A trigger or a rule is new or does something else, so statements of the release before may fail or do something else.',
  level: 'wire',
  *check(context) {
    for (const step of context.steps)
      for (const { before, after } of tablesOf(context, step))
        for (const [id, trigger] of after?.triggers ?? []) {
          const old = before.triggers.get(id);
          if (old?.text === trigger.text) continue;
          const said = {
            change: 'trigger-added',
            message: old
              ? `${quotedName(trigger.name)} of table ${quotedName(before.name)} does something else`
              : `table ${quotedName(before.name)} gets ${quotedName(trigger.name)}, which runs for statements of the release before too`,
            names: [before.name, trigger.name],
            safePath: [
              'let it accept everything that the release before writes, and change nothing that this release reads',
              'release code that works with it',
              'make it stricter in a migration of the release after that',
            ],
          };
          const broken = rowsRefused(step, before.name, /^P0001$/);
          yield stepFinding(
            context,
            step,
            said,
            broken,
            unproven('no row was found that it refuses, and Atlas does not know what else it does'),
          );
        }
  },
};
