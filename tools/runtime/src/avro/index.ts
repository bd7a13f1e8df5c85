export { avroCodec, type CodecParts } from './codec.ts';
export { isList } from '../typeGuards.ts';
export type { Reader } from './reader.ts';
export type { Writer } from './writer.ts';
