import { createHash } from 'node:crypto';
import pg from 'pg';
import type { StackInfo } from '../info.ts';
import { urlOfDatabase, withClient } from './client.ts';
import { identifier, literal } from './names.ts';
import { createDatabase, grantRows } from './services.ts';

export interface DatabaseUrls {
  readonly ownerUrl: string;
  readonly appUrl: string;
}

export interface CloneOptions {
  /** A database without connections, such as one of `migratedTemplate`. The service's own database by default. */
  readonly template?: string;
  /** Set to drop an existing database with this name, which a killed run may have left. */
  readonly replace?: true;
}

const READY = 'atlas template, complete';

/**
 * Copies a template under a new name, which takes some tens of milliseconds. The service's two roles have the same
 * rights as in the template. Throws if the name is taken and `replace` is not set, or if somebody is connected to the
 * template.
 */
export async function cloneDatabase(
  info: StackInfo,
  service: string,
  name: string,
  { template, replace }: CloneOptions = {},
): Promise<DatabaseUrls> {
  const { database } = databaseOf(info, service);
  await withClient(info.postgres.adminUrl, async (admin) => {
    if (replace === true) await drop(admin, name);
    await copy(admin, service, name, template ?? database);
  });
  return urlsOf(info, service, name);
}

/** Drops a database and ends the connections to it. Does nothing if there is none. */
export async function dropDatabase(info: StackInfo, name: string): Promise<void> {
  await withClient(info.postgres.adminUrl, (admin) => drop(admin, name));
}

async function drop(admin: pg.Client, name: string): Promise<void> {
  await admin.query(`DROP DATABASE IF EXISTS ${identifier(name)} WITH (FORCE)`);
}

/**
 * The name of a template for `cloneDatabase`, which `migrate` has filled. It is made once per `key`, such as a digest
 * of the migrations. If several processes ask at the same time, the first makes it and the others wait.
 */
export async function migratedTemplate(
  info: StackInfo,
  service: string,
  key: string,
  migrate: (ownerUrl: string) => Promise<void>,
): Promise<string> {
  const digest = createHash('sha256').update(key).digest('hex');
  const name = `${databaseOf(info, service).database.slice(0, 40)}_template_${digest.slice(0, 12)}`;
  return withClient(info.postgres.adminUrl, async (admin) => {
    // A lock of the session. It ends with the connection, even if this process is killed.
    await admin.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [name]);
    if (await isReady(admin, name)) return name;
    await drop(admin, name);
    await createDatabase(admin, service, name);
    const { ownerUrl } = urlsOf(info, service, name);
    await grantRows(ownerUrl, service);
    await migrate(ownerUrl);
    await admin.query(`COMMENT ON DATABASE ${identifier(name)} IS ${literal(READY)}`);
    return name;
  });
}

async function isReady(admin: pg.Client, name: string): Promise<boolean> {
  const { rows } = await admin.query<{ mark: string | null }>(
    "SELECT shobj_description(oid, 'pg_database') AS mark FROM pg_database WHERE datname = $1",
    [name],
  );
  return rows[0]?.mark === READY;
}

// Postgres waits 5 s for connections to the template to end.
async function copy(admin: pg.Client, service: string, name: string, template: string): Promise<void> {
  await createDatabase(admin, service, name, template).catch((error: unknown) => {
    if (!isInUse(error)) throw error;
    const hint = 'clone a template that no service uses, see migratedTemplate';
    throw new Error(`somebody is connected to ${template}: ${hint}`, { cause: error });
  });
}

// 55006, object_in_use (PostgreSQL, appendix A)
function isInUse(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '55006';
}

function urlsOf(info: StackInfo, service: string, name: string): DatabaseUrls {
  const { ownerUrl, appUrl } = databaseOf(info, service);
  return { ownerUrl: urlOfDatabase(ownerUrl, name), appUrl: urlOfDatabase(appUrl, name) };
}

function databaseOf(info: StackInfo, service: string): StackInfo['postgres']['services'][string] {
  const database = info.postgres.services[service];
  if (database === undefined)
    throw new Error(`the stack has no database for "${service}": add it to the specs and run "make up"`);
  return database;
}
