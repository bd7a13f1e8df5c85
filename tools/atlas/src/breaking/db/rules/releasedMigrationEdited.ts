import type { TableRule } from '../context.ts';
import { fileFinding } from '../files.ts';

export const releasedMigrationEdited: TableRule = {
  id: 'released-migration-edited',
  purpose: 'A migration that was released has another text, so databases that applied it refuse to migrate.',
  level: 'wire',
  *check(context) {
    for (const file of context.changed) {
      if (file.kind !== 'edited') continue;
      yield fileFinding(context, file, {
        change: 'released-migration-edited',
        message: `${file.old.scope}/${file.old.name} was changed after its release`,
        now: `its file has ${file.new.checksum}`,
        safePath: ['put the file back as it was', 'write the change as a new migration with the next number'],
      });
    }
  },
};
