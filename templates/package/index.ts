export { withHeader } from './header.ts';
export { TAKEN } from '../names.ts';
export { contractFile, indexFile, packageJson } from './packageFiles.ts';
