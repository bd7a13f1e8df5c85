import { contract, type Handlers } from '@atlas/generated-reporting';
import { reportingClient, type ReportingClient } from '@atlas/generated-reporting/client';
import { AtlasError, type Actor } from '@atlas/runtime';
import { createApp } from '@atlas/runtime/internal/http';
import { promMetrics } from '@atlas/runtime/internal/metrics';
import { readOf, slonikStore, txOf } from '@atlas/runtime/slonik';
import { reports } from '../src/reports/index.ts';
import type { Freshness } from '../src/reports/meta.ts';
import { reportingDatabase, type ReportingDatabase } from './reportingDatabase.ts';

/** The roles of somebody who trades. */
export const TRADER = ['ops', 'finance', 'approver'];

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export interface ReportsApp {
  readonly database: ReportingDatabase;
  readonly url: string;
  /** The service's client for somebody with these roles. */
  as(roles: readonly string[]): ReportingClient;
  /** Sends a request as somebody with these roles, and returns the raw answer. */
  get(path: string, roles?: readonly string[], headers?: Readonly<Record<string, string>>): Promise<Answered>;
  /** Writes rows of a table, as its owner. Columns that a row does not name are NULL. */
  insert(table: string, ...rows: readonly object[]): Promise<void>;
  /** What the service has logged as an error so far. */
  readonly errors: readonly unknown[];
  /** What it has logged about the requests that it did not answer with success. */
  readonly refused: readonly object[];
  stop(): Promise<void>;
}

/**
 * The operations of reports over a database of their own, which a test fills with rows. There is no broker, so
 * `freshness` gives their freshness.
 */
export async function reportsApp(name: string, freshness: Freshness = async () => []): Promise<ReportsApp> {
  const database = await reportingDatabase(name);
  const store = slonikStore(database.url);
  const handlers: Partial<Handlers> = reports(freshness);
  const errors: unknown[] = [];
  const refused: object[] = [];
  const nothing = (): void => undefined;
  const log = {
    debug: nothing,
    info: (fields: object): void => void refused.push(fields),
    warn: nothing,
    error: (fields: object): void => void errors.push(fields),
    child: () => log,
  };
  const app = await createApp({
    operations: contract.operations.filter(({ id }) => id in handlers),
    document: undefined,
    handlers,
    plumbing: {
      store,
      clock: { now: () => new Date(), monotonic: () => performance.now(), sleep: async () => undefined },
      messages: [],
      txOf,
      readOf,
      wake: nothing,
    },
    authenticator: { authenticate: async (headers) => actorOf(headers['authorization']) },
    log,
    metrics: promMetrics('reporting'),
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    database,
    url,
    errors,
    refused,
    as: (roles) => reportingClient({ baseUrl: url, token: async () => tokenOf(roles) }),
    get: async (path, roles = TRADER, headers = {}) => {
      const response = await fetch(url + path, { headers: { ...headers, authorization: `Bearer ${tokenOf(roles)}` } });
      return { status: response.status, headers: response.headers, text: await response.text() };
    },
    insert: async (table, ...rows) => {
      const json = JSON.stringify(rows).replaceAll("'", "''");
      await database.asOwner(
        `INSERT INTO ${table} SELECT * FROM json_populate_recordset(NULL::${table}, '${json}'::json)`,
      );
    },
    stop: async () => {
      await app.close();
      await store.close();
      await database.close();
    },
  };
}

function tokenOf(roles: readonly string[]): string {
  return ['sam', ...roles].join('.');
}

function actorOf(header: string | readonly string[] | undefined): Actor {
  if (typeof header !== 'string') throw new AtlasError('ATLAS_UNAUTHENTICATED', 'no token');
  const [id = '', ...roles] = header.replace('Bearer ', '').split('.');
  return { id, roles };
}
