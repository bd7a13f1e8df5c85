export { codecFile } from './codecFile.ts';
export { eventFiles, type EventFile } from './eventFiles.ts';
