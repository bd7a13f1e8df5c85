import type { JsonObject, JsonValue } from './json.ts';

const PRIMITIVES = new Set(['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string']);

/** Attributes with a meaning, in the order that the text has them; those of the author's own follow, sorted. */
const ORDER = ['type', 'name', 'namespace', 'aliases', 'doc', 'symbols', 'size', 'items', 'values', 'fields'];
const LATER = ['default', 'order', 'logicalType', 'precision', 'scale'];

/**
 * A valid Avro schema as one self-contained value: every type is written out at its first occurrence and named in full
 * everywhere, docs, defaults and metadata kept, keys in a fixed order. `named` gives what other files define, by full name.
 * `JSON.stringify` of it is what is registered, looked up and fingerprinted.
 */
export function canonicalAvro(schema: JsonValue, named: (fullName: string) => JsonValue | undefined): JsonValue {
  const defined = new Set<string>();
  const read = (value: JsonValue | undefined, namespace: string): JsonValue => {
    if (typeof value === 'string') return byName(value, namespace);
    if (isList(value)) return value.map((branch) => read(branch, namespace));
    if (!isObject(value)) return value ?? null;
    switch (value['type']) {
      case 'record':
      case 'enum':
      case 'fixed':
        return definition(value, namespace);
      case 'array':
        return ordered({ ...value, items: read(value['items'], namespace) });
      case 'map':
        return ordered({ ...value, values: read(value['values'], namespace) });
      default:
        return primitiveOrName(value, namespace);
    }
  };

  const byName = (name: string, namespace: string): JsonValue => {
    if (PRIMITIVES.has(name)) return name;
    const full = inNamespace(name, namespace);
    const file = defined.has(full) ? undefined : named(full);
    return file === undefined ? full : read(file, '');
  };

  const primitiveOrName = (value: JsonObject, namespace: string): JsonValue => {
    const type = String(value['type']);
    if (!PRIMITIVES.has(type)) return byName(type, namespace);
    const { name: _name, namespace: _namespace, ...rest } = value;
    return Object.keys(rest).length === 1 ? type : ordered(rest);
  };

  const definition = (value: JsonObject, around: string): JsonObject => {
    const { namespace, aliases, fields, ...rest } = value;
    const name = inNamespace(String(value['name']), typeof namespace === 'string' ? namespace : around);
    defined.add(name);
    const inside = namespaceOf(name);
    return ordered({
      ...rest,
      name,
      ...(inside === '' && around !== '' ? { namespace: '' } : {}),
      ...(isList(aliases) && aliases.length > 0
        ? { aliases: aliases.map((alias) => inNamespace(String(alias), inside)) }
        : {}),
      ...(isList(fields) ? { fields: fields.map((item) => field(item, inside)) } : {}),
    });
  };

  const field = (value: JsonValue, namespace: string): JsonValue => {
    if (!isObject(value)) return value;
    const { name = null, doc, type, ...rest } = value;
    return { name, ...(doc === undefined ? {} : { doc }), type: read(type, namespace), ...ordered(rest) };
  };

  return read(schema, '');
}

/** Avro 1.12, "Names": a dotted name is full, any other stands in the namespace. */
export function inNamespace(name: string, namespace: string): string {
  return name.includes('.') || namespace === '' ? name : `${namespace}.${name}`;
}

/** What stands before the last dot; '' for the null namespace. */
export function namespaceOf(fullName: string): string {
  return fullName.slice(0, Math.max(0, fullName.lastIndexOf('.')));
}

function ordered(value: JsonObject): JsonObject {
  const rank = (key: string): number => {
    const early = ORDER.indexOf(key);
    const late = LATER.indexOf(key);
    return early !== -1 ? early : late !== -1 ? 100 + late : 200;
  };
  return Object.fromEntries(
    Object.entries(value).toSorted(([left], [right]) => rank(left) - rank(right) || (left < right ? -1 : 1)),
  );
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
