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
}

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
  { maxConnections = 10, statementTimeout = 30_000 }: PoolOptions,
): Promise<DatabasePool> {
  return createPool(databaseUrl, {
    ...LEAN,
    maxPoolSize: maxConnections,
    statementTimeout,
    driverFactory: checkedCommit,
  });
}

/**
 * After a failed statement, Postgres answers COMMIT with ROLLBACK, without an error. Work that caught the failure would
 * believe that it is committed.
 */
const checkedCommit: DriverFactory = async (setup) => {
  const driver = await createPgDriverFactory()(setup);
  return {
    createClient: async () => {
      const client = await driver.createClient();
      return {
        ...client,
        query: async (text, values, options) => {
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
