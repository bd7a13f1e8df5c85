import type { Logical } from './schema.ts';

/** The type that each logical type stands on; a fixed aside. */
const BASES: Readonly<Record<string, string>> = {
  decimal: 'bytes',
  uuid: 'string',
  date: 'int',
  'time-millis': 'int',
  'time-micros': 'long',
  'timestamp-millis': 'long',
  'timestamp-micros': 'long',
  'timestamp-nanos': 'long',
  'local-timestamp-millis': 'long',
  'local-timestamp-micros': 'long',
  'local-timestamp-nanos': 'long',
};

/** The logical type of a schema object where it is one that counts; Avro 1.12, "Logical Types": all others are ignored. */
export function logicalOf(
  value: { readonly [key: string]: unknown },
  base: string,
  size: number | undefined,
): Logical | undefined {
  const { logicalType: name, precision = 0, scale = 0 } = value;
  if (typeof name !== 'string' || !Object.hasOwn(BASES, name)) return undefined;
  if (base === 'fixed' ? name !== 'decimal' && !(name === 'uuid' && size === 16) : BASES[name] !== base)
    return undefined;
  if (name !== 'decimal') return { name, precision: 0, scale: 0 };
  if (!isCount(precision) || !isCount(scale) || precision < 1 || scale > precision) return undefined;
  return { name, precision, scale };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}
