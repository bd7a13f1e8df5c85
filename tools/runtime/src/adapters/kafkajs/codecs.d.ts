/** The functions of two packages without types that `codecs.ts` and its test call. */
declare module 'lz4js' {
  const lz4: {
    /** The most bytes that the frame may have when decompressed. */
    decompressBound(frame: Uint8Array): number;
    decompress(frame: Uint8Array, maxBytes: number): Uint8Array;
  };
  export default lz4;
}

declare module 'snappyjs' {
  const snappy: {
    /** Throws if the block says that it has more bytes when decompressed. */
    uncompress(block: Buffer, maxBytes: number): Buffer;
    compress(bytes: Buffer): Buffer;
  };
  export default snappy;
}
