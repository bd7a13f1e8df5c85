import { setTimeout as sleep } from 'node:timers/promises';
import type { CommonQueryMethods, DatabasePool } from 'slonik';
import { AtlasError } from '../../contract/atlasError.ts';
import { fullJitter } from '../../time/fullJitter.ts';
import { LastStatements, type SqlSession, type Store } from '../../ports/sql.ts';
import { transactionOn } from './driver.ts';
import { Gate, type PoolUse } from './gate.ts';
import { MAX_CONNECTIONS, openPool, type PoolOptions } from './pool.ts';
import { pgStatement, readSession, transactionSession } from './session.ts';
import { constraintOf, isConnectionLost, isRefusal, isRetriable, sqlStateOf } from './sqlState.ts';

const RETRIES = 3;
/** The SQLSTATE if a wait for a lock was given up. */
const LOCK_NOT_AVAILABLE = '55P03';
/** The SQLSTATE if a statement reached its timeout. */
const QUERY_CANCELED = '57014';
const CONNECTION_WAIT_MS = 2_000;

export interface PooledStore extends Store {
  /** How much of its pool is in use now. */
  use(): PoolUse;
}

/** The store with slonik. The pool opens at the first use. If the server is unavailable, the next use tries again. */
export function slonikStore(databaseUrl: string, options: PoolOptions = {}): PooledStore {
  const gate = new Gate(options.maxConnections ?? MAX_CONNECTIONS, options.connectionWait ?? CONNECTION_WAIT_MS);
  let opened: Promise<DatabasePool> | undefined;
  const pool = (): Promise<DatabasePool> => {
    opened ??= openPool(databaseUrl, options).catch((error: unknown) => {
      opened = undefined;
      throw asAtlasError(error);
    });
    return opened;
  };
  return {
    use: () => gate.use(),
    transaction: async (work, { once: isOnce = false } = {}) => {
      const retries = isOnce ? 0 : RETRIES;
      for (let attempt = 1; ; attempt++) {
        try {
          return await gate.through(async () => once(await pool(), work));
        } catch (error) {
          if (!isRetriable(error)) throw asAtlasError(error);
          if (attempt > retries) throw contended(error, retries);
          await sleep(fullJitter(attempt, { baseMs: 10, capMs: 200 }));
        }
      }
    },
    read: async (work) => {
      try {
        // uses the pool, so that each statement takes a connection, and work without statements takes none
        return await work(readSession(gated(await pool(), gate)));
      } catch (error) {
        throw asAtlasError(error);
      }
    },
    close: async () => {
      const closing = opened;
      opened = undefined;
      await (await closing)?.end();
    },
  };
}

/**
 * The pool, with each statement going through the gate, so that work holds no connection while it waits for something
 * else.
 */
function gated(pool: DatabasePool, gate: Gate): CommonQueryMethods {
  return new Proxy(pool, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...values: readonly unknown[]) => gate.through(async () => Reflect.apply(member, target, values));
    },
  });
}

async function once<T>(pool: DatabasePool, work: (session: SqlSession) => Promise<T | LastStatements<T>>): Promise<T> {
  let committing = false;
  let failure: { readonly error: unknown } | undefined;
  try {
    const attempt = await pool.connect((connection) =>
      attempted(async () => {
        let rows: readonly unknown[] = [];
        const result = await transactionOn(connection, async (transaction, client) => {
          const { session, end } = transactionSession(transaction, client);
          try {
            const result = await work(session);
            if (result instanceof LastStatements)
              client.endWith(result.statements.map(pgStatement), (answer) => (rows = answer));
            committing = true;
            return result;
          } catch (error) {
            failure = { error };
            throw error;
          } finally {
            end();
          }
        });
        return result instanceof LastStatements ? result.result(rows) : result;
      }),
    );
    if (!attempt.ok) throw attempt.error;
    return attempt.value;
  } catch (error) {
    // the driver throws at a ROLLBACK if a statement is still running
    if (failure) throw failure.error;
    if (!committing || error instanceof AtlasError || isRefusal(error)) throw error;
    throw new AtlasError(
      'ATLAS_COMMIT_UNKNOWN',
      'the connection broke during COMMIT: the transaction may be committed or not',
      { cause: error },
    );
  }
}

type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown };

/**
 * slonik destroys a connection whose routine throws, and its prepared statements with it. After an error of the server
 * or of the work, the transaction is rolled back and the connection is usable, so the error is returned instead of
 * thrown.
 */
async function attempted<T>(work: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    if (isConnectionLost(error)) throw error;
    return { ok: false, error };
  }
}

/**
 * Turns a lost connection into ATLAS_DATABASE_UNAVAILABLE, a lock timeout into ATLAS_LOCKED, a cancelled statement into
 * ATLAS_STATEMENT_TIMEOUT, and a row that violates a unique index of the plumbing into ATLAS_CONFLICT. Other errors
 * stay as they are.
 */
function asAtlasError(error: unknown): unknown {
  if (!(error instanceof AtlasError) && sqlStateOf(error) === LOCK_NOT_AVAILABLE)
    return new AtlasError('ATLAS_LOCKED', 'another transaction holds a lock for too long', { cause: error });
  if (!(error instanceof AtlasError) && sqlStateOf(error) === QUERY_CANCELED)
    return new AtlasError('ATLAS_STATEMENT_TIMEOUT', 'a statement took too long and was cancelled', { cause: error });
  if (!(error instanceof AtlasError) && constraintOf(error)?.startsWith('atlas_') === true)
    return new AtlasError('ATLAS_CONFLICT', 'another transaction has written the same row first', { cause: error });
  // SQLSTATE 25P03: the transaction was idle for too long and lost its connection, which is its own fault
  if (error instanceof AtlasError || !isConnectionLost(error) || sqlStateOf(error) === '25P03') return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new AtlasError('ATLAS_DATABASE_UNAVAILABLE', `the database is unavailable: ${reason}`, { cause: error });
}

function contended(error: unknown, retries: number): AtlasError {
  return new AtlasError('ATLAS_CONTENDED', `still in conflict with other transactions after ${retries} retries`, {
    cause: error,
  });
}
