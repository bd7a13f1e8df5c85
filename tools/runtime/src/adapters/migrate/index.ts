export { pendingMigrations } from './pendingMigrations.ts';
export { runMigrations, type MigrationOptions } from './runMigrations.ts';
