/** What `codecs.ts` and its test call of two packages without types. */
declare module 'lz4js' {
  const lz4: {
    /** The most bytes that the frame may become. */
    decompressBound(frame: Uint8Array): number;
    decompress(frame: Uint8Array, maxBytes: number): Uint8Array;
  };
  export default lz4;
}

declare module 'snappyjs' {
  const snappy: {
    /** Throws if the block says that it becomes more bytes. */
    uncompress(block: Buffer, maxBytes: number): Buffer;
    compress(bytes: Buffer): Buffer;
  };
  export default snappy;
}
