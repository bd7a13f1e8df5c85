import { isDeepStrictEqual } from 'node:util';
import { isList, isObject, type JsonObject, type JsonValue } from '@atlas/ir';

/** What a schema says of a value: whether it accepts it, and at which members and items it has looked. */
interface Judgement {
  isValid: boolean;
  readonly seen: Set<string | number>;
}

/**
 * Judges values as JSON Schema 2020-12 reads, keyword by keyword, slowly and without code of others: a reference for
 * compiled validators. It knows the keywords of random schemas, and references to `#/components/schemas`.
 */
export function judgeOf(schemas: JsonObject): (schema: JsonValue, value: JsonValue) => boolean {
  /** What was judged before, because many ways may lead from one value to the same schema. */
  const known = new Map<JsonObject, Map<JsonValue, Judgement>>();
  const judge = (schema: JsonValue | undefined, value: JsonValue): Judgement => {
    if (!isObject(schema)) return { isValid: schema !== false, seen: new Set() };
    const outcomes = known.get(schema) ?? new Map<JsonValue, Judgement>();
    known.set(schema, outcomes);
    const same = outcomes.get(value);
    if (same) return same;
    const found: Judgement = { isValid: true, seen: new Set() };
    for (const apply of [ownWords, judgedTogether, membersOf, itemsOf, unseenOf]) apply(schema, value, found);
    outcomes.set(value, found);
    return found;
  };

  const need = (found: Judgement, holds: boolean): void => {
    found.isValid &&= holds;
  };
  const take = (found: Judgement, { isValid, seen }: Judgement): boolean => {
    if (isValid) for (const key of seen) found.seen.add(key);
    return isValid;
  };

  function ownWords(schema: JsonObject, value: JsonValue, found: Judgement): void {
    const { type, enum: values, minimum, maxItems, minItems, minProperties, minLength, format } = schema;
    if (type !== undefined)
      need(
        found,
        listOf(type).some((one) => isOfType(one, value)),
      );
    if ('const' in schema) need(found, isDeepStrictEqual(value, schema['const']));
    if (values !== undefined)
      need(
        found,
        listOf(values).some((one) => isDeepStrictEqual(one, value)),
      );
    if (typeof minimum === 'number' && typeof value === 'number') need(found, value >= minimum);
    if (typeof minLength === 'number' && typeof value === 'string') need(found, value.length >= minLength);
    if (format === 'date' && typeof value === 'string') need(found, isDate(value));
    if (typeof minItems === 'number' && isList(value)) need(found, value.length >= minItems);
    if (typeof maxItems === 'number' && isList(value)) need(found, value.length <= maxItems);
    if (typeof minProperties === 'number' && isObject(value)) need(found, Object.keys(value).length >= minProperties);
  }

  function judgedTogether(schema: JsonObject, value: JsonValue, found: Judgement): void {
    const { $ref: ref, allOf, anyOf, oneOf, not, if: condition } = schema;
    const all = (list: JsonValue): readonly boolean[] => listOf(list).map((one) => take(found, judge(one, value)));
    if (typeof ref === 'string') need(found, take(found, judge(schemas[ref.split('/').at(-1) ?? ''], value)));
    if (allOf !== undefined) need(found, all(allOf).every(Boolean));
    if (anyOf !== undefined) need(found, all(anyOf).some(Boolean));
    if (oneOf !== undefined) need(found, all(oneOf).filter(Boolean).length === 1);
    if (not !== undefined) need(found, !judge(not, value).isValid);
    if (condition === undefined) return;
    const clause = schema[take(found, judge(condition, value)) ? 'then' : 'else'];
    need(found, take(found, judge(clause, value)));
  }

  function membersOf(schema: JsonObject, value: JsonValue, found: Judgement): void {
    if (!isObject(value)) return;
    const { properties = {}, patternProperties = {}, additionalProperties, dependentSchemas = {}, required } = schema;
    if (required !== undefined)
      need(
        found,
        listOf(required).every((name) => Object.hasOwn(value, String(name))),
      );
    for (const [name, inner] of membersIn(dependentSchemas))
      if (Object.hasOwn(value, name)) need(found, take(found, judge(inner, value)));
    for (const [name, member] of membersIn(value)) {
      const inside = [
        ...membersIn(properties).filter(([key]) => key === name),
        ...membersIn(patternProperties).filter(([pattern]) => new RegExp(pattern, 'u').test(name)),
      ].map(([, inner]) => inner);
      if (inside.length === 0 && additionalProperties !== undefined) inside.push(additionalProperties);
      if (inside.length > 0) found.seen.add(name);
      for (const inner of inside) need(found, judge(inner, member).isValid);
    }
  }

  function itemsOf(schema: JsonObject, value: JsonValue, found: Judgement): void {
    if (!isList(value)) return;
    const { prefixItems = [], items, contains } = schema;
    const first = listOf(prefixItems);
    value.forEach((item, index) => {
      const inner = first[index] ?? items;
      if (inner === undefined) return;
      found.seen.add(index);
      need(found, judge(inner, item).isValid);
    });
    if (contains === undefined) return;
    const indexes = value.flatMap((item, index) => (judge(contains, item).isValid ? [index] : []));
    need(found, indexes.length > 0);
    for (const index of indexes) found.seen.add(index);
  }

  function unseenOf(schema: JsonObject, value: JsonValue, found: Judgement): void {
    const { unevaluatedProperties, unevaluatedItems } = schema;
    const inner = isList(value) ? unevaluatedItems : unevaluatedProperties;
    const parts: readonly (readonly [string | number, JsonValue])[] = isList(value)
      ? [...value.entries()]
      : membersIn(value);
    if (inner === undefined) return;
    for (const [key, part] of parts)
      if (!found.seen.has(key)) {
        found.seen.add(key);
        need(found, judge(inner, part).isValid);
      }
  }

  return (schema, value) => judge(schema, value).isValid;
}

function listOf(value: JsonValue): readonly JsonValue[] {
  return isList(value) ? value : [value];
}

function membersIn(value: JsonValue): readonly [string, JsonValue][] {
  return isObject(value) ? Object.entries(value).flatMap(([key, one]) => (one === undefined ? [] : [[key, one]])) : [];
}

function isOfType(type: JsonValue, value: JsonValue): boolean {
  if (type === 'integer') return Number.isInteger(value);
  if (value === null || isList(value)) return type === (value === null ? 'null' : 'array');
  return type === typeof value;
}

function isDate(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
}
