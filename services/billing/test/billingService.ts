import { randomUUID } from 'node:crypto';
import { contract } from '@atlas/generated-billing';
import { deployContracts, mintToken, readStack, spawnService, webhookSecret } from '@atlas/stack';
import { billingDatabase, type BillingDatabase } from './billingDatabase.ts';

export interface Asked {
  readonly body?: unknown;
  /** The value of If-Match. */
  readonly version?: string;
  readonly key?: string;
  readonly roles?: readonly string[];
}

export interface BillingService {
  readonly url: string;
  /** The address of its metrics. */
  readonly adminUrl: string;
  /** The secret of the provider's webhooks. */
  readonly secret: string;
  /** Sends a request as somebody of finance, unless `roles` says otherwise. */
  ask(
    method: 'GET' | 'POST',
    path: string,
    asked?: Asked,
  ): Promise<{ readonly status: number; readonly headers: Headers; readonly body: unknown }>;
  stop(): Promise<void>;
}

/** A migrated database of a suite's own, and the service over it. `close` ends both. */
export async function billingScene(suite: string): Promise<{
  readonly database: BillingDatabase;
  readonly service: BillingService;
  close(): Promise<void>;
}> {
  const database = await billingDatabase(`billing_${suite}_${process.pid}`);
  const service = await billingService(suite, database.url);
  return {
    database,
    service,
    close: async () => {
      await service.stop();
      await database.close();
    },
  };
}

/** Starts the service as a process. `suite` is in the names of its topics, so that suites may overlap. */
export async function billingService(
  suite: string,
  databaseUrl: string,
  more: Readonly<Record<string, string>> = {},
): Promise<BillingService> {
  const stack = readStack();
  if (!stack) throw new Error('no stack is up: run `make up` first');
  const namespace = `billing-${suite}.`;
  await deployContracts(stack, { namespace });
  const env = { DATABASE_URL: databaseUrl, ...more };
  const service = await spawnService(stack, contract.service, { namespace, name: `billing.${suite}`, env });
  return {
    url: service.url,
    adminUrl: service.adminUrl,
    secret: webhookSecret(stack, 'paymentProvider'),
    ask: async (method, path, { body, version, key, roles = ['finance'] } = {}) => {
      const response = await fetch(service.url + path, {
        method,
        headers: {
          authorization: `Bearer ${await mintToken(stack, { sub: 'finance-1', roles })}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(method === 'POST' ? { 'idempotency-key': key ?? randomUUID() } : {}),
          ...(version === undefined ? {} : { 'if-match': version }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, headers: response.headers, body: await response.json() };
    },
    stop: async () => {
      await service.stop();
    },
  };
}
