import { sql, type CommonQueryMethods, type DatabaseTransactionConnection } from 'slonik';

const SNAPSHOT = sql.unsafe`SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY`;

export interface TransactionOptions {
  /** READ COMMITTED, or one state of the database for reading only (REPEATABLE READ). */
  readonly isolation: 'read committed' | 'snapshot';
  /** Parameters of PostgreSQL for this transaction, such as `statement_timeout`. */
  readonly settings: Readonly<Record<string, string>>;
}

/** The code that opens it must end it. Until then, nothing else can use its connection. */
export interface OpenTransaction {
  readonly connection: DatabaseTransactionConnection;
  /** Gives the connection back. Throws if the transaction is not committed. May be called more than once. */
  commit(): Promise<void>;
  /** Gives the connection back. Never throws. */
  rollback(): Promise<void>;
}

/**
 * Opens a transaction on a connection of its own. It is used outside of slonik's callback, because code within a
 * callback must not use another connection.
 */
export async function openTransaction(
  connections: CommonQueryMethods,
  { isolation, settings }: TransactionOptions,
): Promise<OpenTransaction> {
  const opened = Promise.withResolvers<DatabaseTransactionConnection>();
  const used = Promise.withResolvers<void>();
  const ended = connections.transaction(async (connection) => {
    if (isolation === 'snapshot') await connection.query(SNAPSHOT);
    const [names, values] = [Object.keys(settings), Object.values(settings)];
    await connection.query(
      sql.unsafe`SELECT set_config(name, value, true)
        FROM unnest(${sql.array(names, 'text')}, ${sql.array(values, 'text')}) AS setting (name, value)`,
    );
    opened.resolve(connection);
    await used.promise;
  });
  ended.catch((error: unknown) => opened.reject(error));
  return {
    connection: await opened.promise,
    commit: async () => {
      used.resolve();
      await ended;
    },
    rollback: async () => {
      used.reject(new Error('rolled back'));
      await ended.catch(() => undefined);
    },
  };
}
