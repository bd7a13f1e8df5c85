/**
 * A parameter of a statement. Date is sent as timestamptz, bigint as int8, Uint8Array as bytea, arrays as Postgres
 * arrays.
 */
export type SqlValue = null | string | number | boolean | bigint | Date | Uint8Array | readonly SqlValue[];

/** SQL with placeholders `$1`, `$2`, … The name is that of the prepared statement, so each text needs its own. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/**
 * One connection, inside a transaction or not. In rows, int8 is a bigint, timestamptz a Date, bytea a Uint8Array, and
 * jsonb is parsed.
 */
export interface SqlSession {
  query<Row>(statement: Statement, values?: readonly SqlValue[]): Promise<readonly Row[]>;
}

/** How the runtime reaches a service's database. */
export interface Store {
  /**
   * Runs `work` in a READ COMMITTED transaction. Runs it again on SQLSTATE 40001 and 40P01, three times with full
   * jitter. A COMMIT whose outcome is unknown is never repeated: it throws `AtlasError` ATLAS_COMMIT_UNKNOWN. Any other
   * error rolls back and is thrown on: a lock that was not free in time as ATLAS_LOCKED, a statement that took too long
   * as ATLAS_STATEMENT_TIMEOUT. Statements that the work sends after the end fail, because a handler that was given up
   * may still run.
   */
  transaction<T>(work: (session: SqlSession) => Promise<T>): Promise<T>;
  /** Runs `work` without a transaction: for reads and single statements. */
  read<T>(work: (session: SqlSession) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
