import { createPool, type ClientConfigurationInput, type DatabasePool } from 'slonik';
import { transactionDriver } from './driver.ts';

export interface PoolOptions {
  /** The most connections at a time. */
  readonly maxConnections?: number;
  /** Milliseconds after which the server cancels a statement. */
  readonly statementTimeout?: number;
  /** Milliseconds after which the server stops waiting for a lock. The statement then fails with ATLAS_LOCKED. */
  readonly lockTimeout?: number;
  /** Milliseconds after which a use that finds no free connection fails with ATLAS_BUSY. */
  readonly connectionWait?: number;
  /** Parameters of PostgreSQL for each connection, such as `search_path`. Names and values have no spaces. */
  readonly settings?: Readonly<Record<string, string>>;
}

export const MAX_CONNECTIONS = 10;

/**
 * There is no reset between uses, because `DISCARD ALL` would drop prepared statements, which costs more than half of
 * the speed. So set session state only with `SET LOCAL`. There are no retries, because the store retries: it knows what
 * a COMMIT may have done.
 */
const LEAN: ClientConfigurationInput = {
  captureStackTrace: false,
  connectionTimeout: 5_000,
  idleInTransactionSessionTimeout: 30_000,
  idleTimeout: 60_000,
  queryRetryLimit: 0,
  resetConnection: async () => {},
  transactionRetryLimit: 0,
};

export async function openPool(
  databaseUrl: string,
  { maxConnections = MAX_CONNECTIONS, statementTimeout = 30_000, lockTimeout = 5_000, settings }: PoolOptions,
): Promise<DatabasePool> {
  return createPool(withSettings(databaseUrl, { lock_timeout: String(lockTimeout), ...settings }), {
    ...LEAN,
    maxPoolSize: maxConnections,
    statementTimeout,
    driverFactory: transactionDriver,
  });
}

/**
 * Adds the settings as options of the connection, because slonik has no setting for them. Options of the address come
 * last and win.
 */
function withSettings(databaseUrl: string, settings: Readonly<Record<string, string>>): string {
  const url = new URL(databaseUrl);
  const given = url.searchParams.get('options');
  const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
  url.searchParams.set('options', [...options, ...(given === null ? [] : [given])].join(' '));
  return url.href;
}
