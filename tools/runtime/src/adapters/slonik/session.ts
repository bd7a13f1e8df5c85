import { sql, type CommonQueryMethods, type DatabaseTransactionConnection, type QuerySqlToken } from 'slonik';
import type { Read, Tx } from '../../contract/handler.ts';
import { AtlasError } from '../../contract/atlasError.ts';
import type { BoundStatement, SqlSession, SqlValue, Statement } from '../../ports/sql.ts';
import type { TransactionClient } from './client.ts';
import { directConnection, statementOf } from './direct.ts';
import type { PgResult, PgStatement } from './exchange.ts';

const transactions = new WeakMap<object, DatabaseTransactionConnection>();
/** Keeps a statement until the next one of the transaction is sent. */
const queues = new WeakMap<object, (statement: PgStatement) => void>();
const reads = new WeakMap<object, CommonQueryMethods>();

/**
 * The session of an open transaction. The plumbing's statements go straight to the client, because slonik takes as much
 * processor time as the driver itself. `end` must be called when the transaction ends.
 */
export function transactionSession(
  transaction: DatabaseTransactionConnection,
  client: TransactionClient,
): { readonly session: SqlSession; readonly end: () => void } {
  let ended = false;
  const checkOpen = (): void => {
    if (ended) throw new AtlasError('ATLAS_SESSION', 'the transaction of this session has ended');
  };
  const run = async (statement: PgStatement): Promise<PgResult> => {
    checkOpen();
    return client.query(statement);
  };
  const session: SqlSession = {
    query: async <Row>(statement: Statement, values: readonly SqlValue[] = []) => {
      const { rows } = await run(pgStatement({ statement, values }));
      // cast: the caller declares the columns of its statement
      return rows as readonly Row[];
    },
  };
  transactions.set(session, directConnection(transaction, run));
  queues.set(session, (statement) => {
    checkOpen();
    client.queue(statement);
  });
  return {
    session,
    end: () => {
      ended = true;
    },
  };
}

export function readSession(connection: CommonQueryMethods): SqlSession {
  const session = sessionOver(connection);
  reads.set(session, connection);
  return session;
}

/**
 * Turns a session into the opaque `Tx` of handlers. Throws `AtlasError` ATLAS_SESSION unless it is a transaction of
 * slonikStore.
 */
export function txOf(session: SqlSession): Tx {
  if (isTx(session)) return session;
  throw foreign();
}

/**
 * Turns a session into the opaque `Read` of handlers. Throws `AtlasError` ATLAS_SESSION unless it is a read of
 * slonikStore.
 */
export function readOf(session: SqlSession): Read {
  if (isRead(session)) return session;
  throw foreign();
}

/**
 * slonik's query methods for a handler's `tx` or `read`, for a service's adapters. Writes belong to the transaction of
 * the plumbing. Give a name to statements that run often (`sql.prepared`). Set session state only with `SET LOCAL`.
 */
export function slonikOf(session: Tx): DatabaseTransactionConnection;
export function slonikOf(session: Tx | Read): CommonQueryMethods;
export function slonikOf(session: Tx | Read): CommonQueryMethods {
  const connection = transactions.get(session) ?? reads.get(session);
  if (connection) return connection;
  throw foreign();
}

/**
 * Queues a write whose result nobody needs: it is sent with the next statement of the transaction, or with COMMIT,
 * which saves a round trip. So use it for all writes of a handler, except those that ask what they have changed, or
 * whose failure the handler answers. If Postgres refuses it, the transaction is rolled back, and no event goes out.
 * The error is the same as without a queue, and goes to whoever sends the next statement. What the write relies on must
 * be a rule of the database: a constraint or a trigger.
 */
export function queueWrite(tx: Tx, statement: QuerySqlToken<Rows<never>>): void {
  const queue = queues.get(tx);
  if (!queue) throw foreign();
  queue(statementOf(statement));
}

function isTx(session: object): session is Tx {
  return transactions.has(session);
}

function isRead(session: object): session is Read {
  return reads.has(session);
}

function foreign(): AtlasError {
  return new AtlasError('ATLAS_SESSION', 'this is not a session of slonikStore, or not of the needed kind');
}

/** slonik accepts only objects that were made in this way. */
const TOKEN = sql.unsafe`SELECT`;

function sessionOver(connection: CommonQueryMethods): SqlSession {
  return {
    query: async <Row>(
      { name, text }: { readonly name: string; readonly text: string },
      values: readonly SqlValue[] = [],
    ) => {
      const result = await connection.query({
        ...TOKEN,
        name,
        sql: text,
        values: values.map(bound),
        parser: rows<Row>(),
      });
      return result.rows;
    },
  };
}

/** A statement in the driver's form. */
export function pgStatement({ statement, values }: BoundStatement): PgStatement {
  return { ...statement, values: values.map(bound) };
}

type Bound = null | string | number | boolean | bigint | Buffer | readonly Bound[];

/** Dates become ISO 8601 texts, because the driver would use the machine's time zone. */
function bound(value: SqlValue): Bound {
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return value.map(bound);
}

/** The type of a statement's rows, for the compiler only: slonik without interceptors never calls a parser. */
export interface Rows<Row> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: 'atlas';
    readonly types?: { readonly input: Row; readonly output: Row };
    readonly validate: () => { readonly issues: readonly { readonly message: string }[] };
  };
}

const STANDARD = {
  version: 1,
  vendor: 'atlas',
  validate: () => ({ issues: [{ message: 'rows are not parsed' }] }),
} as const;

/**
 * For `sql.prepared(name, rows<Row>())`: declares the statement's rows, which must agree with its columns. int8 is a
 * bigint, timestamptz a Date, uuid a string, NULL is null.
 */
export function rows<Row>(): Rows<Row> {
  return { '~standard': STANDARD };
}
