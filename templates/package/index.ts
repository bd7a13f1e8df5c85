export { contractFile } from './contractFile.ts';
export { withHeader } from './header.ts';
export { indexFile, messagesOf } from './indexFile.ts';
export { packageJson } from './packageJson.ts';
