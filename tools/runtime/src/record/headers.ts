/** Record headers as tables store them: the values in base64. */
export function base64Of(headers: Readonly<Record<string, Uint8Array | string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      // jsonb can't store U+0000
      name.replaceAll('\0', '\u2400'),
      (typeof value === 'string'
        ? Buffer.from(value)
        : Buffer.from(value.buffer, value.byteOffset, value.byteLength)
      ).toString('base64'),
    ]),
  );
}

/** The header values that `base64Of` has encoded. */
export function bytesOf(headers: Readonly<Record<string, string>>): Record<string, Uint8Array> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Buffer.from(value, 'base64')]));
}
