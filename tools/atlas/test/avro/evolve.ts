import fc, { type GeneratorValue } from 'fast-check';
import { isList, isObject, type JsonObject, type JsonValue } from '@atlas/ir';

/** Without long to double, because avsc loses a bit beyond 2^52. */
const WIDER: Readonly<Record<string, readonly string[]>> = {
  int: ['long', 'float', 'double'],
  float: ['double'],
  string: ['bytes'],
};

/**
 * A later version of a schema: fields are added with defaults, removed, moved and renamed; types widen, and become
 * optional or required. Not every version can read older data.
 */
export function evolve(schema: JsonValue, gen: GeneratorValue): JsonValue {
  const chance = (one: number): boolean => gen(fc.nat, { max: one - 1 }) === 0;
  const visit = (value: JsonValue): JsonValue => {
    if (typeof value === 'string') {
      const wider = WIDER[value];
      if (wider && chance(4)) return wider[gen(fc.nat, { max: wider.length - 1 })] ?? value;
      return value !== 'null' && chance(8) ? ['null', value] : value;
    }
    if (isList(value)) return union(value);
    if (!isObject(value)) return value;
    switch (value['type']) {
      case 'record':
        return record(value);
      case 'enum': {
        const symbols = isList(value['symbols']) ? value['symbols'] : [];
        if (chance(3)) return { ...value, symbols: [...symbols, 'D'] };
        return chance(3) ? { ...value, symbols: ['E', ...symbols.slice(1)], default: 'E' } : value;
      }
      case 'array':
        return { ...value, items: visit(value['items'] ?? 'null') };
      case 'map':
        return { ...value, values: visit(value['values'] ?? 'null') };
      default:
        return value;
    }
  };
  const union = (branches: readonly JsonValue[]): JsonValue => {
    const kept = branches.map((branch) => (typeof branch === 'string' ? branch : visit(branch)));
    // Only unions of names are reversed, because a type must not come before its definition.
    if (kept.every((branch) => typeof branch === 'string') && chance(2)) return kept.toReversed();
    const [first] = kept;
    return kept.length === 1 && first !== undefined && chance(2) ? first : kept;
  };
  const record = (value: JsonObject): JsonObject => {
    const fields = (isList(value['fields']) ? value['fields'] : []).filter(isObject).map((field) => field);
    // A definition must stay where it was, so only fields without a definition are removed.
    const left = fields.filter((field) => typeof field['type'] !== 'string' || !chance(5));
    const next: JsonObject[] = left.map((field) => {
      const type = visit(field['type'] ?? 'null');
      const name = String(field['name']);
      return chance(6) ? { name: `${name}_`, aliases: [name], type } : { ...field, type };
    });
    if (chance(3)) next.push({ name: 'added', type: 'string', default: 'é' });
    if (chance(5)) next.unshift({ name: 'first', type: ['null', 'int'], default: null });
    if (chance(5)) next.push({ name: 'list', type: { type: 'array', items: 'long' }, default: [1, -70000] });
    if (chance(6))
      next.push({
        name: 'made',
        type: { type: 'fixed', name: `${String(value['name'])}F`, size: 2 },
        default: '\u0001\u00ff',
      });
    const simple = next.every((field) => typeof field['type'] === 'string');
    return { ...value, fields: simple && chance(2) ? next.toReversed() : next };
  };
  return visit(schema);
}

const FAMILIES = [
  ['int', 'long', 'float', 'double'],
  ['string', 'bytes'],
];

/**
 * Whether a union has two branches that one type can be read as. avsc takes the first one. Atlas, like the Java
 * implementation, prefers the exact type.
 */
export function hasRivals(schema: JsonValue | undefined): boolean {
  if (isList(schema)) {
    const kinds = schema.map((branch) => (isObject(branch) ? String(branch['type']) : String(branch)));
    return (
      FAMILIES.some((family) => kinds.filter((kind) => family.includes(kind)).length > 1) || schema.some(hasRivals)
    );
  }
  return isObject(schema) && Object.values(schema).some(hasRivals);
}
