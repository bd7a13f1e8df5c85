import { sql } from 'slonik';
import type { Read } from '../../contract/handler.ts';
import { readOf, readSession, slonikOf } from './session.ts';

const REPEATABLE = sql.unsafe`SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY`;

/** A transaction that reads one state of the database. */
export interface Snapshot {
  readonly read: Read;
  /** Ends the transaction and gives its connection back. May be called more than once. */
  close(): Promise<void>;
}

/**
 * Opens a snapshot on a connection of its own: all its statements see the same state of the database (PostgreSQL,
 * REPEATABLE READ). A statement that takes longer than `statementTimeout` milliseconds fails with
 * ATLAS_STATEMENT_TIMEOUT. The caller must close the snapshot. Nobody else can use its connection until then.
 */
export async function openSnapshot(read: Read, options: { readonly statementTimeout: number }): Promise<Snapshot> {
  const opened = Promise.withResolvers<Read>();
  const closed = Promise.withResolvers<void>();
  const transaction = slonikOf(read).transaction(async (connection) => {
    await connection.query(REPEATABLE);
    await connection.query(
      sql.unsafe`SELECT set_config('statement_timeout', ${String(options.statementTimeout)}, true)`,
    );
    opened.resolve(readOf(readSession(connection)));
    await closed.promise;
  });
  transaction.catch((error: unknown) => opened.reject(error));
  const session = await opened.promise;
  return {
    read: session,
    close: async () => {
      closed.resolve();
      // a transaction that only reads has no outcome: what went wrong in it, its statements have said already
      await transaction.catch(() => undefined);
    },
  };
}
