import { AsyncLocalStorage } from 'node:async_hooks';
import pg from 'pg';
import {
  createDriverFactory,
  parseDsn,
  type DatabasePoolConnection,
  type DatabaseTransactionConnection,
  type DriverConfiguration,
  type DriverFactory,
  type DriverQueryResult,
} from 'slonik';
import { AtlasError } from '../../contract/atlasError.ts';
import { TransactionClient } from './client.ts';
import { slonikError } from './slonikError.ts';
import { streamed } from './streamed.ts';
import { TYPES } from './types.ts';

/** Holds the client of the transaction that slonik opens in this context, because slonik does not expose it. */
const opening = new AsyncLocalStorage<{ client?: TransactionClient }>();

/** Runs `work` in a transaction of slonik, with the client that it runs on. */
export function transactionOn<T>(
  connection: DatabasePoolConnection,
  work: (transaction: DatabaseTransactionConnection, client: TransactionClient) => Promise<T>,
): Promise<T> {
  const opened: { client?: TransactionClient } = {};
  return opening.run(opened, () =>
    connection.transaction((transaction) => {
      if (!opened.client) throw new AtlasError('ATLAS_SESSION', 'slonik has opened a transaction without our driver');
      return work(transaction, opened.client);
    }),
  );
}

/** slonik's driver, as @slonik/pg-driver has it, except that its transactions save round trips. */
export const transactionDriver: DriverFactory = createDriverFactory(async ({ driverConfiguration }) => {
  const config = configOf(driverConfiguration);
  return {
    createPoolClient: async ({ clientEventEmitter }) => {
      const client = new pg.Client(config);
      const transactions = new TransactionClient(client, TYPES);
      clientEventEmitter.on('acquire', () => transactions.acquired());
      client.on('error', (error) => {
        // cast: slonikError turns an error into an error
        clientEventEmitter.emit('error', slonikError(error) as Error);
      });
      client.on('notice', ({ message }) => {
        if (message !== undefined) clientEventEmitter.emit('notice', { message });
      });
      return {
        connect: async () => {
          await client.connect();
        },
        end: () => client.end(),
        query: async (text, values, { name } = {}) => {
          switch (text) {
            case 'START TRANSACTION': {
              const opened = opening.getStore();
              if (opened) opened.client = transactions;
              transactions.begin();
              return NOTHING;
            }
            case 'COMMIT':
              await transactions.commit();
              return NOTHING;
            case 'ROLLBACK':
              await transactions.rollback();
              return NOTHING;
            default: {
              const { command, fields, rowCount, rows } = await transactions.query({ text, name, values });
              return {
                // cast: the command of a statement, which slonik only passes on
                command: command as 'SELECT',
                fields: [...fields],
                rowCount,
                rows,
              };
            }
          }
        },
        stream: (text, values = []) => streamed(client, transactions.started(), { text, values }),
      };
    },
  };
});

/** The answer for slonik to a statement that begins or ends a transaction. slonik ignores it. */
const NOTHING: DriverQueryResult = { command: 'SELECT', fields: [], rowCount: null, rows: [] };

function configOf({
  connectionUri,
  connectionTimeout,
  idleInTransactionSessionTimeout,
  statementTimeout,
}: DriverConfiguration): pg.ClientConfig {
  const { applicationName, databaseName, host, options, password, port, sslMode, username } = parseDsn(connectionUri);
  return {
    application_name: applicationName,
    database: databaseName,
    host,
    options,
    password,
    port,
    user: username,
    ssl: sslMode === 'require' ? true : sslMode === 'no-verify' && { rejectUnauthorized: false },
    connectionTimeoutMillis: milliseconds(connectionTimeout),
    idle_in_transaction_session_timeout: milliseconds(idleInTransactionSessionTimeout),
    statement_timeout: milliseconds(statementTimeout),
    types: TYPES,
  };
}

function milliseconds(timeout: number | 'DISABLE_TIMEOUT'): number | undefined {
  return timeout === 'DISABLE_TIMEOUT' ? undefined : timeout;
}
