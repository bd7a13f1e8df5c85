export { consumersFile } from '../handlerTables.ts';
export { codecFile } from './codec/codecFile.ts';
export { consumerFile } from './consumerFile.ts';
export { eventFiles, messagesOf } from './eventFiles.ts';
export { messageFile } from './messageFile.ts';
export { consumerSource, messageSource, tablesSource } from './sources.ts';
export { producersFile } from './producersFile.ts';
