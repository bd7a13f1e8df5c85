import { AVRO_LOGICAL_TYPES, AVRO_PRIMITIVES, namedTypes, type JsonValue } from '@atlas/ir';
import { describe, expect, it } from 'vitest';
import { parseSchema } from '../../../runtime/src/avro/schema/parseSchema.ts';
import { parseAvroType } from '../../src/read/avro/payloads.ts';
import { cursorOf } from './parsed.ts';

/** A size that decimals and UUIDs may have. */
const FIXED = { type: 'fixed', name: 'Some', size: 16 };
const BASES: readonly { readonly [key: string]: JsonValue }[] = [...AVRO_PRIMITIVES.map((type) => ({ type })), FIXED];

/** The logical type that the toolkit reads; undefined if it reads none. */
function inToolkit(schema: JsonValue): unknown {
  const { type } = parseAvroType(cursorOf(JSON.stringify(schema)), new Map());
  const [named] = type ? namedTypes(type) : [];
  const read = named ?? type;
  return read && 'logical' in read ? read.logical?.name : undefined;
}

function inRuntime(schema: JsonValue): unknown {
  const read = parseSchema(JSON.stringify(schema));
  return 'logical' in read ? read.logical?.name : undefined;
}

describe('the schema parsers of toolkit and runtime', () => {
  it.each(AVRO_PRIMITIVES)('both know the primitive type %s', (type) => {
    expect(inToolkit({ type })).toBeUndefined();
    expect(parseSchema(JSON.stringify(type))).toEqual({ type });
    expect(parseAvroType(cursorOf(JSON.stringify(type)), new Map()).type).toEqual({ kind: type });
  });

  it.each(Object.keys(AVRO_LOGICAL_TYPES))('read the logical type %s on the same types', (logicalType) => {
    const schemas = BASES.map((base) => ({ ...base, logicalType, precision: 4, scale: 2 }));
    expect(schemas.map(inRuntime)).toEqual(schemas.map(inToolkit));
  });

  it('agree on what is not a logical type', () => {
    expect(inRuntime({ type: 'long', logicalType: 'seats' })).toBe(inToolkit({ type: 'long', logicalType: 'seats' }));
  });
});
