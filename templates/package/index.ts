export { TAKEN } from '../names.ts';
export { contractFile, doublePackageJson, indexFile, packageJson } from './packageFiles.ts';
