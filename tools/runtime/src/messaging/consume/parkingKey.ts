/** No byte of UTF-8, so never the start of a key that the runtime wrote. */
const KEYLESS = 0xff;

/** Under which key a record is parked. Records without key have no order to keep: each is parked alone. */
export function parkingKey(key: Uint8Array | null, partition: number, offset: bigint): Uint8Array {
  return key ?? Buffer.concat([Buffer.of(KEYLESS), Buffer.from(`${partition}/${offset}`)]);
}
