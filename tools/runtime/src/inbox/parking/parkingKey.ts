import { createHash } from 'node:crypto';

/** No byte of UTF-8, so never the start of a key that the runtime wrote. */
const NO_TEXT = 0xff;
/** An index of Postgres takes rows of up to 2704 bytes. */
const LONGEST = 1_000;

/**
 * Under which key a record is parked. Records without key have no order to keep: each is parked alone. A key that is too long for an
 * index goes by its hash.
 */
export function parkingKey(key: Uint8Array | null, partition: number, offset: bigint): Uint8Array {
  if (key === null) return marked(Buffer.from(`${partition}/${offset}`));
  return key.byteLength > LONGEST ? marked(createHash('sha256').update(key).digest()) : key;
}

function marked(bytes: Buffer): Uint8Array {
  return Buffer.concat([Buffer.of(NO_TEXT), bytes]);
}
