import type { TableRule } from '../context.ts';
import { fileFinding } from '../files.ts';

export const migrationOutOfOrder: TableRule = {
  id: 'migration-out-of-order',
  purpose:
    'A new migration is numbered below one that was released, so databases that applied that one refuse to migrate.',
  level: 'wire',
  *check(context) {
    for (const file of context.changed) {
      if (file.kind !== 'late') continue;
      yield fileFinding(context, file, {
        change: 'migration-out-of-order',
        message: `${file.new.scope}/${file.new.name} is numbered below ${file.old.name}, which was released`,
        now: `${file.new.name} would come before it`,
        safePath: ['give the new file the next number'],
      });
    }
  },
};
