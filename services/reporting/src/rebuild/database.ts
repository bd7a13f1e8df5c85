import { sql, type CommonQueryMethods, type DatabaseTransactionConnection } from 'slonik';
import {
  openTransaction,
  readOf,
  rows,
  slonikOf,
  type slonikStore,
  type TransactionOptions,
} from '@atlas/runtime/slonik';
import type { Mark } from '@atlas/runtime/replay';

export type Database = ReturnType<typeof slonikStore>;

/** Runs statements of `work` on any connections. */
export function reading<T>(database: Database, work: (connection: CommonQueryMethods) => Promise<T>): Promise<T> {
  return database.read((session) => work(slonikOf(readOf(session))));
}

/** The rows of a whole table are read in one statement, and a replay goes on while the transaction is open. */
const SETTINGS = { statement_timeout: '0', idle_in_transaction_session_timeout: '0' };

/** Runs `work` in a transaction that may take as long as it needs, on a connection of its own. */
export function transaction<T>(
  database: Database,
  isolation: TransactionOptions['isolation'],
  work: (connection: DatabaseTransactionConnection) => Promise<T>,
): Promise<T> {
  return reading(database, async (connections) => {
    const opened = await openTransaction(connections, { isolation, settings: SETTINGS });
    try {
      const result = await work(opened.connection);
      await opened.commit();
      return result;
    } catch (error) {
      await opened.rollback();
      throw error;
    }
  });
}

/** How far the consumers of the service have come, by the tables that they write. */
export async function marksOf(connection: CommonQueryMethods, group: string): Promise<readonly Mark[]> {
  return connection.any(
    sql.type(rows<Mark>())`SELECT topic, partition, next_offset AS next FROM public.atlas_fence
      WHERE group_id = ${group} AND next_offset IS NOT NULL`,
  );
}
