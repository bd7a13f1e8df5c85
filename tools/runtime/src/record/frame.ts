const MAGIC = 0;
const FRAME = 5;

/** Avro in Confluent's wire format: a zero, the schema's id as four bytes, the body. */
export function framed(schemaId: number, body: Uint8Array): Buffer {
  const value = Buffer.allocUnsafe(FRAME + body.byteLength);
  value[0] = MAGIC;
  value.writeInt32BE(schemaId, 1);
  value.set(body, FRAME);
  return value;
}

/** Takes the frame off; undefined for bytes that have none. */
export function unframed(
  value: Uint8Array | null,
): { readonly schemaId: number; readonly body: Uint8Array } | undefined {
  if (value === null || value.byteLength < FRAME || value[0] !== MAGIC) return undefined;
  const schemaId = new DataView(value.buffer, value.byteOffset, value.byteLength).getInt32(1);
  return { schemaId, body: value.subarray(FRAME) };
}
