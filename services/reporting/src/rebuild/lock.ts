import { sql } from 'slonik';
import { rows } from '@atlas/runtime/slonik';
import { transaction, type Database } from './database.ts';
import { RebuildFailure } from './failure.ts';

/** The two halves of the key of an advisory lock: "ATLA" in ASCII, and a number of its own. */
export const LOCK = { space: 0x41_54_4c_41, key: 1 } as const;

export const ANOTHER_RUNS = 'another rebuild runs or is asked for: wait for its end, or stop its process';

/** Runs `work` as the only rebuild of the database. Another one gets an error. It ends with the process. */
export function asTheOnlyOne<T>(database: Database, work: (stillIs: () => Promise<void>) => Promise<T>): Promise<T> {
  return transaction(database, 'read committed', async (connection) => {
    const taken = await connection.oneFirst(
      sql.type(rows<{ taken: boolean }>())`SELECT pg_try_advisory_xact_lock(${LOCK.space}, ${LOCK.key}) AS taken`,
    );
    if (!taken) throw new RebuildFailure(ANOTHER_RUNS);
    return work(async () => {
      // fails if the connection was lost, and the lock with it
      await connection.query(sql.unsafe`SELECT`);
    });
  });
}
