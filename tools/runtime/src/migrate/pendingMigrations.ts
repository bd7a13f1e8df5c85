import type { ServiceContract } from '../contract/service.ts';
import type { SqlSession, Statement } from '../ports/sql.ts';
import { allMigrations } from './migrationFiles.ts';

const TABLE: Statement = {
  name: 'atlas_migration_table',
  text: `SELECT to_regclass('atlas_migration') IS NOT NULL AS made`,
};
const APPLIED: Statement = {
  name: 'atlas_migration_applied',
  text: 'SELECT scope, name, checksum FROM atlas_migration',
};

/**
 * Names of the migrations of this release that the database does not have, or has with another text. Additional
 * migrations in the database are fine, because the next release may have migrated it already.
 */
export async function pendingMigrations(
  session: SqlSession,
  contract: Pick<ServiceContract, 'migrations'>,
  migrations: URL | undefined,
): Promise<readonly string[]> {
  const files = await allMigrations(contract.migrations, migrations);
  const [table] = await session.query<{ made: boolean }>(TABLE);
  const applied = table?.made ? await session.query<{ scope: string; name: string; checksum: string }>(APPLIED) : [];
  const checksums = new Map(applied.map(({ scope, name, checksum }) => [`${scope}/${name}`, checksum]));
  return files
    .filter(({ scope, name, checksum }) => checksums.get(`${scope}/${name}`) !== checksum)
    .map(({ scope, name }) => `${scope}/${name}`);
}
