export { pendingMigrations } from './pendingMigrations.ts';
export { runMigrations, type MigrationOptions } from '../adapters/pg/runMigrations.ts';
