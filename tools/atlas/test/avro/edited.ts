import fc, { type GeneratorValue } from 'fast-check';
import { isList, isObject, type JsonObject, type JsonValue } from '@atlas/ir';

const SIMPLE: readonly JsonValue[] = [
  'int',
  'long',
  'float',
  'double',
  'string',
  'bytes',
  'boolean',
  { type: 'long', logicalType: 'timestamp-millis' },
  { type: 'long', logicalType: 'timestamp-micros' },
  { type: 'bytes', logicalType: 'decimal', precision: 9, scale: 2 },
  { type: 'bytes', logicalType: 'decimal', precision: 4, scale: 2 },
];

/**
 * Another version of a schema with one edit in it that may break readers: a field is added, removed, renamed or gets
 * another type; a branch or a symbol is added or removed; a type gets another name, namespace or alias. The result may
 * be invalid, if it lacks a definition that is used elsewhere.
 */
export function edited(schema: JsonValue, gen: GeneratorValue): JsonValue {
  const below = (limit: number): number => gen(fc.nat, { max: Math.max(0, limit - 1) });
  const one = <Item>(items: readonly Item[]): Item | undefined => items[below(items.length)];
  let left = below(sizeOf(schema));
  const visit = (value: JsonValue): JsonValue => {
    if (left-- === 0) return edit(value);
    if (isList(value)) return value.map(visit);
    if (!isObject(value)) return value;
    const fields = value['fields'];
    if (isList(fields))
      return {
        ...value,
        fields: fields.map((field) => (isObject(field) ? { ...field, type: visit(field['type'] ?? 'null') } : field)),
      };
    for (const key of ['items', 'values'] as const)
      if (value[key] !== undefined) return { ...value, [key]: visit(value[key]) };
    return value;
  };
  const edit = (value: JsonValue): JsonValue => {
    if (isList(value)) return union(value);
    if (!isObject(value)) return below(3) === 0 ? ['null', value] : (one(SIMPLE) ?? value);
    const renamed = `n.${String(value['name']).slice(2)}x`;
    if (typeof value['name'] === 'string')
      switch (below(8)) {
        case 0:
          return { ...value, name: renamed };
        case 1:
          return { ...value, name: renamed, aliases: [value['name']] };
        case 2:
          return { ...value, name: value['name'].replace('n.', 'm.') };
        default:
      }
    if (value['logicalType'] === 'timestamp-millis') return { ...value, logicalType: 'timestamp-micros' };
    if (value['logicalType'] === 'decimal')
      return below(2) === 0 ? { ...value, scale: 1 } : { ...value, precision: 2, scale: 0 };
    if (isList(value['fields'])) return { ...value, fields: fieldsOf(value['fields'].filter(isObject)) };
    if (isList(value['symbols'])) return enumOf(value, value['symbols']);
    if (value['type'] === 'fixed' && value['logicalType'] === undefined) return { ...value, size: below(4) };
    return below(3) === 0 ? ['null', value] : (one(SIMPLE) ?? value);
  };
  const union = (branches: readonly JsonValue[]): JsonValue => {
    const at = below(branches.length);
    switch (below(4)) {
      case 0:
        return branches.length > 1 ? branches.filter((_, index) => index !== at) : branches;
      case 1:
        return branches[at] ?? 'null';
      case 2:
        return [...branches, ...['boolean', 'bytes', 'null'].filter((type) => !branches.includes(type)).slice(0, 1)];
      default:
        return branches.toReversed();
    }
  };
  const enumOf = (value: JsonObject, symbols: readonly JsonValue[]): JsonValue => {
    const [first = 'A'] = symbols;
    const next = below(2) === 0 ? [...symbols, 'Z'] : [first];
    return below(2) === 0 ? { ...value, symbols: next } : { ...value, symbols: next, default: first };
  };
  const fieldsOf = (fields: readonly JsonObject[]): readonly JsonObject[] => {
    const at = below(fields.length);
    const type = one(SIMPLE) ?? 'int';
    switch (below(5)) {
      case 0:
        return fields.filter((_, index) => index !== at);
      case 1:
        return [...fields, { name: 'more', type }];
      case 2:
        return [...fields, { name: 'more', type: ['null', type], default: null }];
      case 3:
        return fields.map((field, index) => (index === at ? { ...field, name: `${String(field['name'])}y` } : field));
      default:
        return fields.map((field, index) =>
          index === at ? { ...field, name: `${String(field['name'])}y`, aliases: [String(field['name'])] } : field,
        );
    }
  };
  return visit(schema);
}

/** How many types a schema has. */
function sizeOf(value: JsonValue): number {
  if (isList(value)) return 1 + value.reduce<number>((sum, item) => sum + sizeOf(item), 0);
  if (!isObject(value)) return 1;
  const { fields, items, values } = value;
  const inner = isList(fields)
    ? fields.map((field) => (isObject(field) ? (field['type'] ?? null) : null))
    : [items, values];
  return 1 + inner.reduce<number>((sum, item) => sum + (item === undefined ? 0 : sizeOf(item)), 0);
}
