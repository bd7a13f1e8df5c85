export { emitsLiteral, eventsType, emittedNames } from './emits.ts';
export { partName, pascal } from './names.ts';
export { operationFile } from './operationFile.ts';
export { operationsFile } from './operationsFile.ts';
