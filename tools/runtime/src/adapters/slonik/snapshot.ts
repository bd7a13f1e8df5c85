import type { Read } from '../../contract/handler.ts';
import { openTransaction } from './openTransaction.ts';
import { readOf, readSession, slonikOf } from './session.ts';

/** A transaction that reads one state of the database. */
export interface Snapshot {
  readonly read: Read;
  /** Ends the transaction and gives its connection back. May be called more than once. */
  close(): Promise<void>;
}

/**
 * Opens a snapshot on a connection of its own: all its statements see the same state of the database (PostgreSQL,
 * REPEATABLE READ). A statement that takes longer than `statementTimeout` milliseconds fails with
 * ATLAS_STATEMENT_TIMEOUT. The caller must close the snapshot. Until then, nothing else can use its connection.
 */
export async function openSnapshot(read: Read, options: { readonly statementTimeout: number }): Promise<Snapshot> {
  const transaction = await openTransaction(slonikOf(read), {
    isolation: 'snapshot',
    settings: { statement_timeout: String(options.statementTimeout) },
  });
  return {
    read: readOf(readSession(transaction.connection)),
    // a read-only transaction has no outcome, and its statements have already thrown their errors
    close: () => transaction.commit().catch(() => undefined),
  };
}
