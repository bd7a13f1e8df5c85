const MAGIC_BYTE = 0;
const FRAME_BYTES = 5;

/** Avro in Confluent's wire format: a zero byte, the schema's id in four bytes, the body. */
export function framed(schemaId: number, body: Uint8Array): Buffer {
  const value = Buffer.allocUnsafe(FRAME_BYTES + body.byteLength);
  value[0] = MAGIC_BYTE;
  value.writeInt32BE(schemaId, 1);
  value.set(body, FRAME_BYTES);
  return value;
}

/** The schema's id and the body. Undefined for bytes that are not in Confluent's wire format. */
export function unframed(
  value: Uint8Array | null,
): { readonly schemaId: number; readonly body: Uint8Array } | undefined {
  if (value === null || value.byteLength < FRAME_BYTES || value[0] !== MAGIC_BYTE) return undefined;
  const schemaId = new DataView(value.buffer, value.byteOffset, value.byteLength).getInt32(1);
  return { schemaId, body: value.subarray(FRAME_BYTES) };
}
