export { migrations, type Migration } from './migrations.ts';
export { outboxFiles, type OutboxFile } from './outboxFiles.ts';
