/** A value that goes into a statement. Dates go as timestamptz, bigints as int8, Uint8Array as bytea, arrays as Postgres arrays. */
export type SqlValue = null | string | number | boolean | bigint | Date | Uint8Array | readonly SqlValue[];

/** A statement with `$1`-style placeholders; the name makes it a named prepared statement, unique per text. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** One connection, inside a transaction or not. Rows come with int8 as bigint, timestamptz as Date, bytea as Uint8Array, jsonb parsed. */
export interface SqlSession {
  query<Row>(statement: Statement, values?: readonly SqlValue[]): Promise<readonly Row[]>;
}

/** How the runtime reaches a service's database. */
export interface Store {
  /**
   * READ COMMITTED. Runs `work` again on 40001 and 40P01, three times with full jitter, never after a COMMIT whose
   * outcome is unknown: that throws `AtlasError` ATLAS_COMMIT_UNKNOWN. Whatever else `work` throws rolls back and is thrown on.
   */
  transaction<T>(work: (session: SqlSession) => Promise<T>): Promise<T>;
  /** A session without transaction, for reads and single statements. */
  read<T>(work: (session: SqlSession) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
