import { sql, type CommonQueryMethods, type DatabaseTransactionConnection } from 'slonik';
import type { Read, Tx } from '../../contract/handler.ts';
import { AtlasError } from '../../contract/atlasError.ts';
import type { SqlSession, SqlValue } from '../../ports/sql.ts';

const transactions = new WeakMap<object, DatabaseTransactionConnection>();
const readers = new WeakMap<object, CommonQueryMethods>();

export function transactionSession(connection: DatabaseTransactionConnection): SqlSession {
  const session = sessionOver(connection);
  transactions.set(session, connection);
  return session;
}

export function readSession(connection: CommonQueryMethods): SqlSession {
  const session = sessionOver(connection);
  readers.set(session, connection);
  return session;
}

/**
 * The plumbing's session as what handlers get: opaque. Throws ATLAS_SESSION for one that is no transaction of this
 * store.
 */
export function txOf(session: SqlSession): Tx {
  if (isTx(session)) return session;
  throw foreign();
}

export function readOf(session: SqlSession): Read {
  if (isRead(session)) return session;
  throw foreign();
}

/**
 * slonik's query methods behind a handler's `tx` or `read`; for a service's adapters. Writes made through it are the
 * plumbing's transaction. Name statements that run often (`sql.prepared`); set nothing on the session but by `SET
 * LOCAL`.
 */
export function slonikOf(session: Tx): DatabaseTransactionConnection;
export function slonikOf(session: Tx | Read): CommonQueryMethods;
export function slonikOf(session: Tx | Read): CommonQueryMethods {
  const connection = transactions.get(session) ?? readers.get(session);
  if (connection) return connection;
  throw foreign();
}

function isTx(session: object): session is Tx {
  return transactions.has(session);
}

function isRead(session: object): session is Read {
  return readers.has(session);
}

function foreign(): AtlasError {
  return new AtlasError('ATLAS_SESSION', 'this session is none of slonikStore, or of the other kind');
}

/** What makes an object a query to slonik. */
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

type Bound = null | string | number | boolean | bigint | Buffer | readonly Bound[];

/** Dates as ISO 8601: the driver would write them in the machine's time zone. */
function bound(value: SqlValue): Bound {
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return value.map(bound);
}

/**
 * Says what a statement's rows are. slonik without interceptors never asks a parser, so this is a name for the compiler
 * alone.
 */
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
  validate: () => ({ issues: [{ message: 'rows of own statements are not parsed' }] }),
} as const;

/**
 * For `sql.prepared(name, rows<Row>())`: what the statement gives, as the migrations declare its columns. int8 comes as
 * bigint, timestamptz as Date, uuid as string, NULL as null.
 */
export function rows<Row>(): Rows<Row> {
  return { '~standard': STANDARD };
}
