export { avroCodec, type CodecParts } from './codec.ts';
export { isList } from './isList.ts';
export type { Reader } from './reader.ts';
export type { Writer } from './writer.ts';
