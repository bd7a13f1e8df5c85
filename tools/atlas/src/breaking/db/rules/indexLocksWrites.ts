import { quotedName, stepFinding, tablesOf, unproven, type TableRule } from '../context.ts';

export const indexLocksWrites: TableRule = {
  id: 'index-locks-writes',
  purpose:
    'An index is built on a table with rows without CONCURRENTLY, so all writes to the table wait until it is built.',
  level: 'wire',
  *check(context) {
    for (const step of context.steps)
      for (const { before, after } of tablesOf(context, step))
        for (const [id, index] of after?.indexes ?? []) {
          const locks = step.locks.get(before.id) ?? [];
          if (before.indexes.has(id) || !locks.some((lock) => /^(?:Share|AccessExclusive)Lock$/.test(lock))) continue;
          const said = {
            change: 'index-locks-writes',
            message: `building ${quotedName(index.name)} locks writes to ${quotedName(before.name)}`,
            names: [before.name, index.name],
            safePath: [
              `run CREATE INDEX CONCURRENTLY ${quotedName(index.name)} … by hand before the release: a migration runs in a transaction`,
              'write CREATE INDEX IF NOT EXISTS with the same name in the migration, for new databases',
            ],
          };
          yield stepFinding(context, step, said, [], unproven('how long that takes depends on the rows of the table'));
        }
  },
};
