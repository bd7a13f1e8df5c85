export { avroCodec, isList, type CodecParts } from './codec.ts';
export type { ByteReader } from './reader.ts';
export type { Writer } from './writer.ts';
