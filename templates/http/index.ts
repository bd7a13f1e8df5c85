export { pascal } from '../names.ts';
export { partName } from './names.ts';
export { operationFile } from './operationFile.ts';
export { operationsFile } from './operationsFile.ts';
