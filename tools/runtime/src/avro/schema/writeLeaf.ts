import { misfit } from '../misfit.ts';
import type { Writer } from '../writer.ts';
import type { EnumSchema, FixedSchema, PrimitiveSchema } from './schema.ts';

/** Writes a value that has no parts. */
export function writeLeaf(w: Writer, schema: PrimitiveSchema | EnumSchema | FixedSchema, value: unknown): void {
  const logical = 'logical' in schema ? schema.logical : undefined;
  switch (schema.type) {
    case 'null':
      return value === null ? w.null(value) : misfit(value, 'null');
    case 'boolean':
      return typeof value === 'boolean' ? w.boolean(value) : misfit(value, 'true or false');
    case 'int':
      if (logical?.name === 'date') return w.date(text(value, 'a date, YYYY-MM-DD'));
      return w.int(number(value, 'a whole number of 32 bits'));
    case 'long':
      if (logical?.name === 'timestamp-millis')
        return value instanceof Date ? w.timestampMillis(value) : misfit(value, 'a Date');
      return typeof value === 'bigint' ? w.long(value) : misfit(value, 'a bigint');
    case 'float':
      return w.float(number(value, 'a number'));
    case 'double':
      return w.double(number(value, 'a number'));
    case 'string':
      return logical ? w.uuid(text(value, 'a UUID')) : w.string(text(value, 'a text'));
    case 'enum':
      return w.enum(text(value, `one of ${schema.symbols.join(', ')}`), schema.symbols);
    case 'bytes':
      return logical ? w.decimal(text(value, 'a decimal'), logical.precision, logical.scale) : w.bytes(bytes(value));
    case 'fixed':
      if (logical?.name === 'decimal')
        return w.decimalFixed(text(value, 'a decimal'), schema.size, logical.precision, logical.scale);
      return logical ? w.uuidFixed(text(value, 'a UUID')) : w.fixed(bytes(value), schema.size);
  }
}

function text(value: unknown, wanted: string): string {
  return typeof value === 'string' ? value : misfit(value, wanted);
}

function number(value: unknown, wanted: string): number {
  return typeof value === 'number' ? value : misfit(value, wanted);
}

function bytes(value: unknown): Uint8Array {
  return value instanceof Uint8Array ? value : misfit(value, 'bytes');
}
