export { withHeader } from './header.ts';
export { TAKEN } from '../names.ts';
export { contractFile, doublePackageJson, indexFile, packageJson, roleGroupsFile } from './packageFiles.ts';
