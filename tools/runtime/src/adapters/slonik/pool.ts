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
  /** Most connections at once. */
  readonly maxConnections?: number;
  /** Milliseconds after which the server gives a statement up. */
  readonly statementTimeout?: number;
}

/**
 * int8 as bigint, dates as they are written: a `Date` would depend on the machine's time zone. The rest is the
 * driver's.
 */
const TYPES: readonly DriverTypeParser[] = [
  { name: 'int8', parse: BigInt },
  { name: 'date', parse: (text) => text },
  { name: 'timestamp', parse: (text) => text },
];

/**
 * slonik, lean: no reset between uses, since `DISCARD ALL` would drop prepared statements and cost more than half the
 * speed; so no session state may be set but by `SET LOCAL`. Retries are the store's, which knows what a COMMIT may have
 * done.
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
 * COMMIT of a transaction whose statement failed is answered ROLLBACK, without an error: work that swallowed the
 * failure would be told that it was kept.
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
              'a statement of the transaction failed, its error was swallowed, and nothing was kept: let errors of statements pass',
            );
          }
          return result;
        },
      };
    },
  };
};
