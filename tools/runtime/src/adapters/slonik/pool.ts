import {
  createPool,
  type ClientConfigurationInput,
  type DatabasePool,
  type DriverFactory,
  type DriverTypeParser,
} from 'slonik';
import { createPgDriverFactory } from '@slonik/pg-driver';
import { AtlasError } from '../../contract/atlasError.ts';

export interface PoolOptions {
  /** The most connections at a time. */
  readonly maxConnections?: number;
  /** Milliseconds after which the server cancels a statement. */
  readonly statementTimeout?: number;
  /** Milliseconds after which the server gives up the wait for a lock. The statement then fails with ATLAS_LOCKED. */
  readonly lockTimeout?: number;
  /** Milliseconds after which a use that finds no free connection fails with ATLAS_BUSY. */
  readonly connectionWait?: number;
}

export const MAX_CONNECTIONS = 10;

/** int8 becomes a bigint. Dates stay texts, because a `Date` would depend on the machine's time zone. */
const TYPES: readonly DriverTypeParser[] = [
  { name: 'int8', parse: BigInt },
  { name: 'date', parse: (text) => text },
  { name: 'timestamp', parse: (text) => text },
];

/**
 * No reset between uses: `DISCARD ALL` would drop prepared statements, which costs more than half of the speed. So
 * state of a session may be set with `SET LOCAL` only. No retries: the store retries, because it knows what a COMMIT
 * may have done.
 */
const LEAN: ClientConfigurationInput = {
  captureStackTrace: false,
  connectionTimeout: 5_000,
  idleInTransactionSessionTimeout: 30_000,
  idleTimeout: 60_000,
  queryRetryLimit: 0,
  resetConnection: async () => {},
  transactionRetryLimit: 0,
  typeParsers: TYPES,
};

export async function openPool(
  databaseUrl: string,
  { maxConnections = MAX_CONNECTIONS, statementTimeout = 30_000, lockTimeout = 5_000 }: PoolOptions,
): Promise<DatabasePool> {
  return createPool(withLockTimeout(databaseUrl, lockTimeout), {
    ...LEAN,
    maxPoolSize: maxConnections,
    statementTimeout,
    driverFactory: checkedEnd,
  });
}

/** As an option of the connection, because slonik has no setting for it. Options of the address come last and win. */
function withLockTimeout(databaseUrl: string, ms: number): string {
  const url = new URL(databaseUrl);
  const given = url.searchParams.get('options');
  url.searchParams.set('options', `-c lock_timeout=${ms}${given === null ? '' : ` ${given}`}`);
  return url.href;
}

/**
 * Work that does not wait for its statements may send one after COMMIT or ROLLBACK. It would run in no transaction, so
 * it is refused. After a failed statement, Postgres answers COMMIT with ROLLBACK, without an error. Work that caught
 * the failure would believe that it is committed.
 */
const checkedEnd: DriverFactory = async (setup) => {
  const driver = await createPgDriverFactory()(setup);
  return {
    createClient: async () => {
      const client = await driver.createClient();
      let over = false;
      return {
        ...client,
        acquire: () => {
          over = false;
          client.acquire();
        },
        query: async (text, values, options) => {
          const ends = text === 'COMMIT' || text === 'ROLLBACK';
          if (over && !ends)
            throw new AtlasError('ATLAS_SESSION', 'the transaction is over: this statement came too late');
          over = ends;
          const result = await client.query(text, values, options);
          const command: string = result.command;
          if (text === 'COMMIT' && command === 'ROLLBACK') {
            throw new AtlasError(
              'ATLAS_TRANSACTION_ABORTED',
              'a statement failed and its error was caught, so the transaction was rolled back: do not catch such errors',
            );
          }
          return result;
        },
      };
    },
  };
};
