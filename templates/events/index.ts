export { codecFile } from './codec/codecFile.ts';
export { eventFiles, messagesOf, type EventFile } from './eventFiles.ts';
