import pg from 'pg';
import { AtlasError } from '../../contract/atlasError.ts';

/** A statement for pg. With a name, each connection prepares it once. */
export interface PgStatement {
  readonly text: string;
  readonly name?: string | undefined;
  readonly values?: readonly unknown[] | undefined;
}

export type PgResult = pg.QueryResult<Record<string, unknown>>;

/** The methods that a client of pg calls on its active query. @types/pg declares only `submit`. */
interface ActiveQuery extends pg.Submittable {
  readonly name?: string | undefined;
  readonly text: string;
  submit(connection: pg.Connection): Error | null;
  handleRowDescription(message: unknown): void;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, connection: pg.Connection): void;
  handleEmptyQuery(connection: pg.Connection): void;
  handleCopyInResponse(connection: pg.Connection): void;
  handleCopyData(message: unknown): void;
  handleReadyForQuery(connection: pg.Connection): void;
  handleError(error: unknown, connection: pg.Connection): void;
}

/**
 * Statements in one round trip: they are sent together, and one Sync ends all of them (PostgreSQL, message flow of the
 * extended query protocol). If one fails, the server skips the others. So a COMMIT at the end runs only if everything
 * before it has worked, and nothing runs if the BEGIN before it has failed.
 *
 * pg's option `pipeline` sends a Sync after each statement. Then a statement would run without its transaction if BEGIN
 * failed, and the server would send each answer in a packet of its own.
 */
export class Exchange implements pg.Submittable {
  /** The result of each statement. Rejects with the first error. */
  readonly results: Promise<readonly PgResult[]>;
  readonly #outcome = Promise.withResolvers<readonly PgResult[]>();
  readonly #taken: PgResult[] = [];
  readonly #queries: readonly ActiveQuery[];
  /** The index of the query that the server is answering. */
  #at = 0;
  #failed = false;
  #sending = false;

  constructor(statements: readonly PgStatement[], types: pg.CustomTypesConfig) {
    this.results = this.#outcome.promise;
    this.#queries = statements.map((statement) => this.#queryOf(statement, types));
  }

  /** When the server has parsed the active query, pg remembers its name and text as prepared. */
  get name(): string | undefined {
    return this.#queries[this.#at]?.name;
  }

  get text(): string | undefined {
    return this.#queries[this.#at]?.text;
  }

  submit(connection: pg.Connection): null {
    // pg's queries end with a Sync of their own
    const withoutSync: pg.Connection = Object.create(connection, { sync: { value: () => undefined } });
    this.#sending = true;
    connection.stream.cork();
    try {
      for (const query of this.#queries) {
        const error = query.submit(withoutSync);
        if (error) this.#fail(error);
        // a COMMIT after a statement that could not be sent must not be sent either
        if (this.#failed) break;
      }
      connection.sync();
    } finally {
      connection.stream.uncork();
      this.#sending = false;
    }
    return null;
  }

  handleRowDescription(message: unknown): void {
    this.#queries[this.#at]?.handleRowDescription(message);
  }

  handleDataRow(message: unknown): void {
    this.#queries[this.#at]?.handleDataRow(message);
  }

  handleCommandComplete(message: unknown, connection: pg.Connection): void {
    this.#queries[this.#at]?.handleCommandComplete(message, connection);
    this.#at += 1;
  }

  handleEmptyQuery(connection: pg.Connection): void {
    this.#queries[this.#at]?.handleEmptyQuery(connection);
    this.#at += 1;
  }

  handleCopyInResponse(connection: pg.Connection): void {
    this.#queries[this.#at]?.handleCopyInResponse(connection);
  }

  handleCopyData(message: unknown): void {
    this.#queries[this.#at]?.handleCopyData(message);
  }

  handleReadyForQuery(connection: pg.Connection): void {
    if (this.#failed) return;
    for (const query of this.#queries) query.handleReadyForQuery(connection);
    if (!this.#failed) this.#outcome.resolve(this.#taken);
  }

  handleError(error: unknown, connection: pg.Connection & { submittedNamedStatements?: Record<string, string> }): void {
    // the server has not parsed the queries that it skips
    for (const { name } of this.#queries.slice(this.#at + 1)) {
      if (name !== undefined) delete connection.submittedNamedStatements?.[name];
    }
    const query = this.#queries[this.#at];
    if (query) query.handleError(error, connection);
    else this.#fail(error);
  }

  #queryOf({ text, name, values }: PgStatement, types: pg.CustomTypesConfig): ActiveQuery {
    const config = {
      text,
      ...(name === undefined ? {} : { name }),
      ...(values === undefined ? {} : { values: [...values] }),
      types,
      // extended even without values, because a simple query would end with a ReadyForQuery of its own
      queryMode: 'extended',
      callback: (error: unknown, result: PgResult) => {
        if (error) this.#fail(error);
        else this.#taken.push(result);
      },
    };
    // cast: @types/pg leaves out the methods that a client of pg calls
    return new pg.Query(config) as unknown as ActiveQuery;
  }

  #fail(error: unknown): void {
    this.#failed = true;
    // with a code of its own, so that it is not mistaken for a lost answer to COMMIT
    this.#outcome.reject(
      this.#sending ? new AtlasError('ATLAS_STATEMENT', `a statement can't be sent: ${String(error)}`) : error,
    );
  }
}
