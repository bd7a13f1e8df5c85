import { setTimeout as sleep } from 'node:timers/promises';
import type { DatabasePool } from 'slonik';
import { AtlasError } from '../../contract/atlasError.ts';
import { fullJitter } from '../../time/fullJitter.ts';
import type { SqlSession, Store } from '../../ports/sql.ts';
import { openPool, type PoolOptions } from './pool.ts';
import { readSession, transactionSession } from './session.ts';
import { isConnectionLost, isRefusal, isRetriable, sqlStateOf } from './sqlState.ts';

const RETRIES = 3;

/**
 * The store over slonik. The pool opens with the first use and, should the server be away, is tried again with the
 * next.
 */
export function slonikStore(databaseUrl: string, options: PoolOptions = {}): Store {
  let opened: Promise<DatabasePool> | undefined;
  const pool = (): Promise<DatabasePool> => {
    opened ??= openPool(databaseUrl, options).catch((error: unknown) => {
      opened = undefined;
      throw named(error);
    });
    return opened;
  };
  return {
    transaction: async (work) => {
      for (let attempt = 1; ; attempt++) {
        try {
          return await once(await pool(), work);
        } catch (error) {
          if (!isRetriable(error)) throw named(error);
          if (attempt > RETRIES) throw contended(error);
          await sleep(fullJitter(attempt, { baseMs: 10, capMs: 200 }));
        }
      }
    },
    read: async (work) => {
      // the pool itself: a connection is taken for each statement, and none by work that asks nothing
      const session = readSession(await pool());
      try {
        return await work(session);
      } catch (error) {
        throw named(error);
      }
    },
    close: async () => {
      const closing = opened;
      opened = undefined;
      await (await closing)?.end();
    },
  };
}

async function once<T>(pool: DatabasePool, work: (session: SqlSession) => Promise<T>): Promise<T> {
  let committing = false;
  try {
    const kept = await pool.connect((connection) =>
      settle(() =>
        connection.transaction(async (tx) => {
          const result = await work(transactionSession(tx));
          committing = true;
          return result;
        }),
      ),
    );
    return unsettle(kept);
  } catch (error) {
    if (!committing || error instanceof AtlasError || isRefusal(error)) throw error;
    throw new AtlasError(
      'ATLAS_COMMIT_UNKNOWN',
      'the connection broke while the transaction was committed: it may have been kept or not',
      { cause: error },
    );
  }
}

type Settled<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown };

/**
 * slonik destroys a connection whose routine throws. A refusal of the server or a throw of the work has been rolled
 * back, and the connection is as good as before; with it go its prepared statements, so it is kept.
 */
async function settle<T>(work: () => Promise<T>): Promise<Settled<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    if (isConnectionLost(error)) throw error;
    return { ok: false, error };
  }
}

function unsettle<T>(settled: Settled<T>): T {
  if (settled.ok) return settled.value;
  throw settled.error;
}

function named(error: unknown): unknown {
  // a transaction that was left idle lost its connection by its own fault (SQLSTATE 25P03)
  if (error instanceof AtlasError || !isConnectionLost(error) || sqlStateOf(error) === '25P03') return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new AtlasError('ATLAS_DATABASE_UNAVAILABLE', `the database is out of reach: ${reason}`, { cause: error });
}

function contended(error: unknown): AtlasError {
  return new AtlasError('ATLAS_CONTENDED', `still in conflict with other transactions after ${RETRIES} retries`, {
    cause: error,
  });
}
