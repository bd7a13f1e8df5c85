export { migrations, type Migration } from './migrations.ts';
export { outboxFiles } from './outboxFiles.ts';
