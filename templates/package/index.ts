export { contractFile } from './contractFile.ts';
export { header } from './header.ts';
export { indexFile, messagesOf } from './indexFile.ts';
export { packageJson } from './packageJson.ts';
