import pg from 'pg';
import type { ServiceContract } from '../../contract/service.ts';
import { AtlasError } from '../../contract/atlasError.ts';
import { checkApplied, type Applied } from '../../migrate/checkApplied.ts';
import { allMigrations, type Migration } from '../../migrate/migrationFiles.ts';

export interface MigrationOptions {
  readonly contract: Pick<ServiceContract, 'service' | 'migrations'>;
  /** The address of the database, as the role that owns it: `<service>_owner`. */
  readonly ownerUrl: string;
  /** Folder of the service's own migrations, if it has any. */
  readonly migrations?: URL;
}

/** The key of the advisory lock, "ATLAS" in ASCII. With it, only one process migrates a database at a time. */
const LOCK = '280824367955';

const TABLE = `CREATE TABLE IF NOT EXISTS atlas_migration (
  scope text NOT NULL CHECK (scope IN ('atlas', 'service')), name text NOT NULL, checksum text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (scope, name)
)`;

/**
 * Applies the migrations that are not applied yet, first the plumbing's, then the service's, each file in a transaction
 * of its own. Returns their names (`service/0001_bookings.sql`). Throws ATLAS_MIGRATION for a file that has changed
 * since it was applied, is missing, or has a lower number than an applied one; for a file that the server refuses, with
 * the line; and if the server is unavailable.
 */
export async function runMigrations({ contract, ownerUrl, migrations }: MigrationOptions): Promise<readonly string[]> {
  const files = await allMigrations(contract.migrations, migrations);
  const client = await connected(ownerUrl);
  try {
    await client.query('SELECT pg_advisory_lock($1::bigint)', [LOCK]);
    await client.query(TABLE);
    const { rows } = await client.query<Applied>('SELECT scope, name, checksum FROM atlas_migration');
    const pending = checkApplied(files, rows);
    for (const migration of pending) await apply(client, migration);
    await grant(client, `${contract.service}_app`);
    return pending.map(({ scope, name }) => `${scope}/${name}`);
  } finally {
    await client.end();
  }
}

async function connected(ownerUrl: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'atlas-migrate' });
  try {
    await client.connect();
  } catch (error) {
    const { host, pathname } = new URL(ownerUrl);
    throw new AtlasError('ATLAS_MIGRATION', `cannot reach database ${pathname.slice(1)} at ${host}: ${text(error)}`, {
      cause: error,
    });
  }
  return client;
}

/**
 * Gives the service's own role the right to read the history, but not to change it, because readiness reads it with
 * that role.
 */
async function grant(client: pg.Client, role: string): Promise<void> {
  const { rowCount } = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
  if (rowCount !== 1) return;
  const name = client.escapeIdentifier(role);
  await client.query(`REVOKE ALL ON atlas_migration FROM ${name}; GRANT SELECT ON atlas_migration TO ${name}`);
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(migration.text);
    await client.query('INSERT INTO atlas_migration (scope, name, checksum) VALUES ($1, $2, $3)', [
      migration.scope,
      migration.name,
      migration.checksum,
    ]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    const at = `${migration.scope}/${migration.name}${lineOf(error, migration.text)}`;
    throw new AtlasError('ATLAS_MIGRATION', `${at}: ${text(error)}; nothing of this file was applied`, {
      cause: error,
    });
  }
}

/** `:12`, if the server says at which character the error is. */
function lineOf(error: unknown, sql: string): string {
  const position = error instanceof pg.DatabaseError ? Number(error.position ?? Number.NaN) : Number.NaN;
  return Number.isNaN(position) ? '' : `:${sql.slice(0, position - 1).split('\n').length}`;
}

function text(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(text).join(', ');
  return error instanceof Error ? error.message : String(error);
}
