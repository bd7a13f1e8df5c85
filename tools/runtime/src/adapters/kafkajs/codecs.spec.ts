import { gzipSync, zstdCompressSync } from 'node:zlib';
import kafkajs from 'kafkajs';
import snappy from 'snappyjs';
import { describe, expect, it } from 'vitest';
import { registerCodecs } from './codecs.ts';

const { GZIP, Snappy, LZ4, ZSTD } = kafkajs.CompressionTypes;
const MIB = 1024 * 1024;
/** A batch that just fits, and one that is one byte too long. */
const FITS = Buffer.alloc(64 * MIB);
const TOO_LONG = Buffer.alloc(64 * MIB + 1);

registerCodecs();

async function decompress(type: number, bytes: Buffer): Promise<Buffer> {
  const codecs: Record<number, () => unknown> = kafkajs.CompressionCodecs;
  const codec = codecs[type]?.();
  if (!isCodec(codec)) throw new Error(`there is no codec ${type}`);
  return codec.decompress(bytes);
}

function isCodec(value: unknown): value is { decompress(bytes: Buffer): Promise<Buffer> } {
  return typeof value === 'object' && value !== null && 'decompress' in value;
}

/** Snappy as Java's clients write it: a header, then blocks with their lengths. */
function xerial(...blocks: readonly Buffer[]): Buffer {
  const header = Buffer.concat([Buffer.from('\u0082SNAPPY\0', 'latin1'), Buffer.from([0, 0, 0, 1, 0, 0, 0, 1])]);
  const framed = blocks.flatMap((block) => {
    const length = Buffer.alloc(4);
    length.writeInt32BE(block.length);
    return [length, block];
  });
  return Buffer.concat([header, ...framed]);
}

/** An LZ4 frame of uncompressed blocks of 4 MiB, without checksums. */
function lz4Frame(content: Buffer): Buffer {
  const parts: Buffer[] = [Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x40, 0x70, 0xdf])];
  for (let at = 0; at < content.length; at += 4 * MIB) {
    const block = content.subarray(at, at + 4 * MIB);
    const size = Buffer.alloc(4);
    size.writeUInt32LE((block.length | 0x80000000) >>> 0);
    parts.push(size, block);
  }
  return Buffer.concat([...parts, Buffer.alloc(4)]);
}

describe('a compressed batch', () => {
  const half = FITS.subarray(0, 32 * MIB);
  it.each([
    ['gzip', GZIP, gzipSync(FITS), gzipSync(TOO_LONG)],
    ['zstd', ZSTD, zstdCompressSync(FITS), zstdCompressSync(TOO_LONG)],
    ['snappy', Snappy, snappy.compress(FITS), snappy.compress(TOO_LONG)],
    [
      'snappy in blocks',
      Snappy,
      xerial(snappy.compress(half), snappy.compress(half)),
      xerial(snappy.compress(half), snappy.compress(half), snappy.compress(Buffer.of(0))),
    ],
    ['LZ4', LZ4, lz4Frame(FITS), lz4Frame(TOO_LONG)],
  ])('in %s is read up to 64 MiB, and refused beyond', async (_, type, fits, tooLong) => {
    expect((await decompress(type, fits)).equals(FITS)).toBe(true);
    // If it compared the bytes themselves, a failure would print 64 MiB.
    const outcome = decompress(type, tooLong).then(
      () => 'read',
      () => 'refused',
    );
    expect(await outcome).toBe('refused');
  });
});
