import {
  DataIntegrityError,
  NotFoundError,
  type DatabaseTransactionConnection,
  type QueryResult,
  type QuerySqlToken,
} from 'slonik';
import type { PgResult, PgStatement } from './exchange.ts';

/**
 * The methods of a slonik transaction. The usual ones go straight to `run`. For each statement, slonik makes a logger,
 * an id and a context for interceptors, which are not used here; that takes as much processor time as the driver
 * itself. Results and errors are the same. The other methods, and nested transactions, are slonik's own.
 */
export function directConnection(
  slonik: DatabaseTransactionConnection,
  run: (statement: PgStatement) => Promise<PgResult>,
): DatabaseTransactionConnection {
  let nested = 0;

  const query = async (token: QuerySqlToken): Promise<QueryResult<unknown>> => {
    // slonik refuses the statements of a transaction while another one is open in it
    if (nested > 0) return slonik.query(token);
    const { command, fields, rowCount, rows } = await run(statementOf(token));
    return {
      type: 'QueryResult',
      // cast: the command of a statement, which slonik only passes on
      command: command as 'SELECT',
      fields,
      notices: [],
      rowCount: rowCount ?? 0,
      rows,
    };
  };

  const maybeOne = async (token: QuerySqlToken): Promise<unknown> => {
    const { rows } = await query(token);
    if (rows.length > 1) throw new DataIntegrityError('Query returned multiple rows.', token);
    return rows[0] ?? null;
  };

  const methods = {
    query,
    any: async (token: QuerySqlToken): Promise<readonly unknown[]> => (await query(token)).rows,
    maybeOne,
    one: async (token: QuerySqlToken): Promise<unknown> => {
      const row = await maybeOne(token);
      if (row === null) throw new NotFoundError('Query returned no rows.', token);
      return row;
    },
    transaction: async (...[handler, retries]: Parameters<DatabaseTransactionConnection['transaction']>) => {
      nested += 1;
      try {
        return await slonik.transaction(handler, retries);
      } finally {
        nested -= 1;
      }
    },
  };
  const connection: DatabaseTransactionConnection = Object.assign(Object.create(slonik), methods);
  return connection;
}

/** A statement of slonik in the driver's form. */
export function statementOf({ sql: text, name, values }: QuerySqlToken): PgStatement {
  return { text: text.replaceAll('$slonik_', '$'), name, values };
}
