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
 * COMMITTED, or that of one state of the database, for reading only. `work` runs outside of slonik's callback, because
 * nothing within one may use another connection.
 */
export async function transaction<T>(
  database: Database,
  isolation: 'read committed' | 'snapshot',
  work: (connection: DatabaseTransactionConnection) => Promise<T>,
): Promise<T> {
  const opened = Promise.withResolvers<DatabaseTransactionConnection>();
  const worked = Promise.withResolvers<void>();
  const ended = reading(database, (connections) =>
    connections.transaction(async (connection) => {
      if (isolation === 'snapshot')
        await connection.query(sql.unsafe`SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY`);
      await connection.query(
        sql.unsafe`SELECT set_config(name, '0', true)
          FROM unnest(ARRAY['statement_timeout', 'idle_in_transaction_session_timeout']) AS name`,
      );
      opened.resolve(connection);
      await worked.promise;
    }),
  );
  ended.catch((error: unknown) => opened.reject(error));
  const connection = await opened.promise;
  try {
    const result = await work(connection);
    worked.resolve();
    await ended;
    return result;
  } catch (error) {
    worked.reject(error);
    await ended.catch(() => undefined);
    throw error;
  }
}

/** How far the consumers of the service are, according to the tables that they write. */
export async function marksOf(connection: CommonQueryMethods, group: string): Promise<readonly Mark[]> {
  return connection.any(
    sql.type(rows<Mark>())`SELECT topic, partition, next_offset AS next FROM public.atlas_fence
      WHERE group_id = ${group} AND next_offset IS NOT NULL`,
  );
}
