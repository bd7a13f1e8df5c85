import type { AvroEnum, AvroField, AvroLogical, AvroPrimitiveName, AvroRecord, AvroType } from './avro.ts';
import type { JsonObject, JsonValue } from './json.ts';

/** The model of what `canonicalAvro` gave, which must be a record. Throws on anything else: it has been checked before. */
export function avroModel(canonical: JsonValue): AvroRecord {
  const type = read(canonical);
  if (type.kind !== 'record') throw new Error(`an event is a record, not ${type.kind}`);
  return type;
}

function read(value: JsonValue | undefined): AvroType {
  if (typeof value === 'string')
    return primitive(value) ? { kind: primitive(value) ?? 'null' } : { kind: 'ref', name: value };
  if (isList(value)) return { kind: 'union', branches: value.map(read) };
  if (!isObject(value)) throw new Error('no Avro schema');
  const type = text(value, 'type');
  switch (type) {
    case 'record':
      return { kind: 'record', name: text(value, 'name'), ...doc(value), fields: list(value, 'fields').map(field) };
    case 'enum':
      return enumType(value);
    case 'fixed': {
      const size = Number(value['size']);
      return { kind: 'fixed', name: text(value, 'name'), size, ...logical(value, 'fixed', size) };
    }
    case 'array':
      return { kind: 'array', items: read(value['items']) };
    case 'map':
      return { kind: 'map', values: read(value['values']) };
    default: {
      const kind = primitive(type);
      if (!kind) throw new Error(`no Avro type: ${type}`);
      return { kind, ...logical(value, kind, undefined) };
    }
  }
}

function field(value: JsonValue): AvroField {
  if (!isObject(value)) throw new Error('a field that is no object');
  const { default: fallback } = value;
  return {
    name: text(value, 'name'),
    ...doc(value),
    type: read(value['type']),
    ...(fallback === undefined ? {} : { default: { value: fallback } }),
    pii: value['pii'] === true,
  };
}

function enumType(value: JsonObject): AvroEnum {
  const { default: fallback } = value;
  return {
    kind: 'enum',
    name: text(value, 'name'),
    ...doc(value),
    symbols: list(value, 'symbols').map(String),
    ...(typeof fallback === 'string' ? { default: fallback } : {}),
  };
}

/** Logical types that change what a value looks like, on the base that each stands on. */
function logical(value: JsonObject, base: string, size: number | undefined): { readonly logical?: AvroLogical } {
  const { logicalType: name, precision, scale = 0 } = value;
  switch (name) {
    case 'decimal':
      if (base !== 'bytes' && base !== 'fixed') return {};
      return { logical: { name, precision: Number(precision), scale: Number(scale) } };
    case 'uuid':
      return base === 'string' || (base === 'fixed' && size === 16) ? { logical: { name } } : {};
    case 'date':
    case 'time-millis':
      return base === 'int' ? { logical: { name } } : {};
    case 'time-micros':
    case 'timestamp-millis':
    case 'timestamp-micros':
    case 'timestamp-nanos':
    case 'local-timestamp-millis':
    case 'local-timestamp-micros':
    case 'local-timestamp-nanos':
      return base === 'long' ? { logical: { name } } : {};
    default:
      return {};
  }
}

function primitive(name: string): AvroPrimitiveName | undefined {
  switch (name) {
    case 'null':
    case 'boolean':
    case 'int':
    case 'long':
    case 'float':
    case 'double':
    case 'bytes':
    case 'string':
      return name;
    default:
      return undefined;
  }
}

function doc(value: JsonObject): { readonly doc?: string } {
  return typeof value['doc'] === 'string' ? { doc: value['doc'] } : {};
}

function text(value: JsonObject, key: string): string {
  const found = value[key];
  if (typeof found !== 'string') throw new Error(`${key} is missing in an Avro schema`);
  return found;
}

function list(value: JsonObject, key: string): readonly JsonValue[] {
  const found = value[key];
  if (!isList(found)) throw new Error(`${key} is missing in an Avro schema`);
  return found;
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
