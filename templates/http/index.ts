export { operationsFile } from '../handlerTables.ts';
export { pascal } from '../names.ts';
export { partName } from './operationFile.ts';
export { operationFile } from './operationFile.ts';
