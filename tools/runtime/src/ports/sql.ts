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

/** A statement with its parameters. */
export interface BoundStatement {
  readonly statement: Statement;
  readonly values: readonly SqlValue[];
}

/**
 * The work of a transaction returns this to end the transaction with statements. They are sent together with COMMIT,
 * which saves round trips, and the server commits only if all succeed. So each must fail if its outcome forbids the
 * commit.
 */
export class LastStatements<T> {
  readonly statements: readonly [BoundStatement, ...BoundStatement[]];
  /** Makes the result of the transaction from the rows of the last statement. It runs after the commit. */
  readonly result: (rows: readonly unknown[]) => T;

  constructor(statements: readonly [BoundStatement, ...BoundStatement[]], result: (rows: readonly unknown[]) => T) {
    this.statements = statements;
    this.result = result;
  }

  /** Runs the statements one by one, for a store that does not send them with COMMIT. */
  async run(session: SqlSession): Promise<T> {
    let rows: readonly unknown[] = [];
    for (const { statement, values } of this.statements) rows = await session.query(statement, values);
    return this.result(rows);
  }
}

/** A service's database. */
export interface Store {
  /**
   * Runs `work` in a READ COMMITTED transaction. Runs it again on SQLSTATE 40001 and 40P01, three times with full
   * jitter. A COMMIT whose outcome is unknown is never repeated: it throws `AtlasError` ATLAS_COMMIT_UNKNOWN. Any other
   * error rolls back and is thrown: ATLAS_LOCKED for a lock that was not free in time, ATLAS_STATEMENT_TIMEOUT for a
   * statement that took too long, ATLAS_CONFLICT for a row that violates a unique index of the plumbing. Statements
   * that the work sends after the end fail, because a handler that was given up may still be running. BEGIN is sent
   * with the first statement. With `once` the work does not run again: a conflict throws ATLAS_CONTENDED.
   */
  transaction<T>(
    work: (session: SqlSession) => Promise<T | LastStatements<T>>,
    options?: { readonly once?: boolean },
  ): Promise<T>;
  /** Runs `work` without a transaction: for reads and single statements. */
  read<T>(work: (session: SqlSession) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
