import avsc, { type Type } from 'avsc';

/** Longs as bigint, because those of avsc are doubles. */
const long = avsc.types.LongType.__with({
  fromBuffer: (buffer: Buffer) => buffer.readBigInt64LE(),
  toBuffer: (value: bigint) => {
    const buffer = Buffer.alloc(8);
    buffer.writeBigInt64LE(value);
    return buffer;
  },
  fromJSON: (value: number | string) => BigInt(value),
  toJSON: String,
  isValid: (value: unknown) => typeof value === 'bigint',
  compare: (left: bigint, right: bigint) => (left < right ? -1 : left > right ? 1 : 0),
});

/** avsc's own type for the text of a schema. It ignores logical types and wraps branches. */
export function avscType(text: string): Type {
  return avsc.Type.forSchema(JSON.parse(text), {
    wrapUnions: 'always',
    typeHook: (schema) => (schema === 'long' || isLong(schema) ? long : undefined),
  });
}

function isLong(schema: unknown): boolean {
  return typeof schema === 'object' && schema !== null && 'type' in schema && schema.type === 'long';
}
