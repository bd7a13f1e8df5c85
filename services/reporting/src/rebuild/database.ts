import { sql, type CommonQueryMethods, type DatabaseTransactionConnection } from 'slonik';
import { readOf, rows, slonikOf, type slonikStore } from '@atlas/runtime/slonik';
import type { Mark } from '@atlas/runtime/replay';

export type Database = ReturnType<typeof slonikStore>;

/** Runs statements of `work` on any connections. */
export function reading<T>(database: Database, work: (connection: CommonQueryMethods) => Promise<T>): Promise<T> {
  return database.read((session) => work(slonikOf(readOf(session))));
}

/**
 * Runs `work` in a transaction that may take as long as it needs, on a connection of its own. `isolation` is READ
 * COMMITTED, or that of one state of the database, for reading only.
 */
export function transaction<T>(
  database: Database,
  isolation: 'read committed' | 'snapshot',
  work: (connection: DatabaseTransactionConnection) => Promise<T>,
): Promise<T> {
  return reading(database, (connection) =>
    connection.transaction(async (opened) => {
      if (isolation === 'snapshot')
        await opened.query(sql.unsafe`SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY`);
      await opened.query(
        sql.unsafe`SELECT set_config(name, '0', true)
          FROM unnest(ARRAY['statement_timeout', 'idle_in_transaction_session_timeout']) AS name`,
      );
      return work(opened);
    }),
  );
}

/** How far the consumers of the service are, according to the tables that they write. */
export async function marksOf(connection: CommonQueryMethods, group: string): Promise<readonly Mark[]> {
  return connection.any(
    sql.type(rows<Mark>())`SELECT topic, partition, next_offset AS next FROM public.atlas_fence
      WHERE group_id = ${group} AND next_offset IS NOT NULL`,
  );
}
