export { operationsFile } from '../handlerTables.ts';
export { partName } from './operationFile.ts';
export { operationFile } from './operationFile.ts';
