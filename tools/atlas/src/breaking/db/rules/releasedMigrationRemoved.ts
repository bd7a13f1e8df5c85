import type { TableRule } from '../context.ts';
import { fileFinding } from '../files.ts';

export const releasedMigrationRemoved: TableRule = {
  id: 'released-migration-removed',
  purpose: 'A migration that was released is gone or has another name, so databases that applied it refuse to migrate.',
  level: 'wire',
  *check(context) {
    for (const file of context.changed) {
      if (file.kind !== 'removed') continue;
      yield fileFinding(context, file, {
        change: 'released-migration-removed',
        message: `${file.old.scope}/${file.old.name} was removed after its release`,
        now: 'there is no such file',
        safePath: ['put the file back', 'undo what it did in a new migration with the next number'],
      });
    }
  },
};
