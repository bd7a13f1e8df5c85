export { codecFile } from './codecFile.ts';
export { consumerFile } from './consumerFile.ts';
export { consumersFile, producersFile } from './tables.ts';
export { eventFiles } from './eventFiles.ts';
export { messageFile } from './messageFile.ts';
export { consumerSource, messageSource, tablesSource } from './sources.ts';
