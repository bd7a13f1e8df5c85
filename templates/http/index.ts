export { operationsFile } from '../handlerTables.ts';
export { pascal } from '../names.ts';
export { partName } from './operationContract.ts';
export { operationFile } from './operationFile.ts';
