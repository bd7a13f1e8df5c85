export { withHeader } from './header.ts';
export { contractFile, indexFile, packageJson } from './packageFiles.ts';
