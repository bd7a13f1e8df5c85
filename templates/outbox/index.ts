export { outboxFiles } from './outboxFiles.ts';
