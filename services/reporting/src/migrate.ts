import { contract } from '@atlas/generated-reporting';
import { runMigrations } from '@atlas/runtime/migrate';

/** Migrates the database to this release. DATABASE_URL is its address as the role that owns it. */
const ownerUrl = process.env['DATABASE_URL'];
if (!ownerUrl) throw new Error('DATABASE_URL is not set: give the address of the database as reporting_owner');

const applied = await runMigrations({ contract, ownerUrl, migrations: new URL('../migrations/', import.meta.url) });
console.log(
  applied.length === 0 ? 'reporting: nothing to migrate' : applied.map((name) => `reporting: ${name}`).join('\n'),
);
