export { withHeader } from './header.ts';
export { TAKEN } from '../names.ts';
export { contractFile, doublePackageJson, indexFile, packageJson } from './packageFiles.ts';
