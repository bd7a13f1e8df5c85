import { sql } from 'slonik';
import { rows, slonikOf } from '@atlas/runtime/slonik';
import type { DatabaseTime } from '../ports.ts';

/** Not the time at which the transaction began, because waiting for a lock may have passed a deadline. */
export const databaseTime: DatabaseTime = async (session) => {
  const { now } = await slonikOf(session).one(sql.prepared('workflow.now', rows<{ readonly now: Date }>())`
    SELECT clock_timestamp() AS now`);
  return now;
};
