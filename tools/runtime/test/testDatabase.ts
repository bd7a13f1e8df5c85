import { migratedTemplate, readStack, type StackInfo } from '@atlas/stack';
import pg from 'pg';
import { allMigrations } from '../src/migrate/migrationFiles.ts';
import { runMigrations } from '../src/migrate/index.ts';
import { contract, migrations } from './bookings/contract.ts';

export interface TestDatabase {
  /**
   * Has the service's own role if the database is migrated, so that a test has no more rights than the service.
   * Otherwise it has an administrator's role.
   */
  readonly url: string;
  /** Runs a statement as an administrator. */
  query(text: string, values?: readonly unknown[]): Promise<readonly Record<string, unknown>[]>;
  drop(): Promise<void>;
}

let made = 0;
let template: Promise<string> | undefined;

/**
 * A migrated database to copy from, because copying takes a fraction of the time of migrating. Later runs use it too.
 */
async function migratedOnce(stack: StackInfo): Promise<string> {
  const all = await allMigrations(contract.migrations, migrations);
  const key = all.map(({ name, checksum }) => `runtime ${name} ${checksum}`).join();
  return migratedTemplate(stack, contract.service, key, async (ownerUrl) => {
    const url = new URL(stack.postgres.adminUrl);
    url.pathname = new URL(ownerUrl).pathname;
    await runMigrations({ contract, ownerUrl: url.href, migrations });
  });
}

/** Makes a database on the stack's server: the migrated one of the box office without rows, or an empty one. */
export async function testDatabase({ migrated = true } = {}): Promise<TestDatabase> {
  const stack = readStack();
  const role = stack?.postgres.services[contract.service];
  if (!stack || !role) throw new Error('no Postgres: run `make up` first');
  const admin = stack.postgres.adminUrl;
  const name = `runtime_${process.pid}_${(made += 1)}`;
  // a killed run whose process had the same id may have left a database of this name
  await once(admin, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await once(
    admin,
    `CREATE DATABASE ${name}${migrated ? ` TEMPLATE ${await (template ??= migratedOnce(stack))}` : ''}`,
  );
  const url = new URL(admin);
  url.pathname = `/${name}`;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  const app = new URL(role.appUrl);
  app.pathname = `/${name}`;
  return {
    url: migrated ? app.href : url.href,
    query: async (text, values = []) => (await client.query<Record<string, unknown>>(text, [...values])).rows,
    drop: async () => {
      await client.end();
      await once(admin, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

async function once(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
