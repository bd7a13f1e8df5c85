// References, because a repository that type-checks these sources from outside sees only the files that they name.
// oxlint-disable-next-line typescript/triple-slash-reference -- an import of the declarations would be loaded
/// <reference path="./codecs.d.ts" />
import { promisify } from 'node:util';
import { gunzip, zstdDecompress } from 'node:zlib';
import kafkajs from 'kafkajs';
import lz4 from 'lz4js';
import snappy from 'snappyjs';

/**
 * A broker accepts compressed batches of 1 MiB. A batch that grows beyond this limit is not decompressed, because
 * memory is finite.
 */
const MAX_BYTES = 64 * 1024 * 1024;

const { GZIP, Snappy, LZ4, ZSTD } = kafkajs.CompressionTypes;
/** Values of a batch's three bits that no version of Kafka uses. kafkajs would read such a batch as uncompressed. */
const UNUSED = [5, 6, 7] as const;

const ungzip = promisify(gunzip);
const unzstd = promisify(zstdDecompress);

/** Adds all codecs of Kafka (KIP-110 and earlier ones) to kafkajs, which has only gzip built in. */
export function registerCodecs(): void {
  const codecs: Record<number, () => unknown> = kafkajs.CompressionCodecs;
  codecs[GZIP] = () => decompressing((bytes) => ungzip(bytes, { maxOutputLength: MAX_BYTES }));
  codecs[ZSTD] = () => decompressing((bytes) => unzstd(bytes, { maxOutputLength: MAX_BYTES }));
  codecs[Snappy] = () => decompressing(async (bytes) => unsnappy(bytes));
  codecs[LZ4] = () => decompressing(async (bytes) => unlz4(bytes));
  for (const bits of UNUSED)
    codecs[bits] = () => {
      throw new Error(`codec ${bits} is not known`);
    };
}

function decompressing(decompress: (bytes: Buffer) => Promise<Buffer>) {
  const compress = async (): Promise<never> => {
    throw new Error('Atlas sends batches uncompressed: set compression.type of the topic');
  };
  return { compress, decompress };
}

/** The header that Java's snappy library writes before its blocks: magic and two versions. */
const XERIAL = Buffer.from('\u0082SNAPPY\0', 'latin1');
const XERIAL_BYTES = XERIAL.length + 8;

/** Java's clients write a header and blocks, each after its length in four bytes. Others write one block alone. */
function unsnappy(bytes: Buffer): Buffer {
  if (!bytes.subarray(0, XERIAL.length).equals(XERIAL)) return Buffer.from(snappy.uncompress(bytes, MAX_BYTES));
  const blocks: Uint8Array[] = [];
  let left = MAX_BYTES;
  for (let at = XERIAL_BYTES; at < bytes.length;) {
    const end = at + 4 + bytes.readInt32BE(at);
    const block = snappy.uncompress(bytes.subarray(at + 4, end), left);
    blocks.push(block);
    left -= block.byteLength;
    at = Math.max(end, at + 4);
  }
  return Buffer.concat(blocks);
}

/**
 * The largest block. It is added to the limit, because `decompressBound` counts the end mark of a frame as a full
 * block.
 */
const LZ4_BLOCK_BYTES = 4 * 1024 * 1024;

function unlz4(bytes: Buffer): Buffer {
  const size = lz4.decompressBound(bytes);
  if (size > MAX_BYTES + LZ4_BLOCK_BYTES) throw new Error(`an LZ4 frame of up to ${size} bytes is too large`);
  const content = lz4.decompress(bytes, size);
  if (content.byteLength > MAX_BYTES) throw new Error(`an LZ4 frame of ${content.byteLength} bytes is too large`);
  return Buffer.from(content);
}
