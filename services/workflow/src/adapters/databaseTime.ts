import { sql } from 'slonik';
import { rows, slonikOf } from '@atlas/runtime/slonik';
import type { DatabaseTime } from '../ports.ts';

/** Not that of the transaction's begin, because a lock that was waited for may have taken it past a deadline. */
export const databaseTime: DatabaseTime = async (session) => {
  const { now } = await slonikOf(session).one(sql.prepared('workflow.now', rows<{ readonly now: Date }>())`
    SELECT clock_timestamp() AS now`);
  return now;
};
