import { isList, isObject, type JsonObject, type JsonValue } from '@atlas/ir';
import type { Direction } from '../schemas.ts';
import { tagsOf } from './apiReading.ts';
import type { Dice } from './dice.ts';
import { at, dialectOf } from './places.ts';

/** Makes values that a schema of a document probably accepts, often at the edge of what it allows. */
export class Instances {
  readonly #dice: Dice;
  readonly #document: JsonObject;
  readonly #mark: string;

  constructor(dice: Dice, document: JsonObject, direction: Direction) {
    this.#dice = dice;
    this.#document = document;
    this.#mark = direction === 'request' ? 'readOnly' : 'writeOnly';
  }

  /** `isPart`: other schemas may declare names for the same value. */
  of(schema: JsonValue | undefined, depth = 0, isPart = false): JsonValue {
    const dice = this.#dice;
    if (depth > MOST_REFS) return null;
    if (!isObject(schema)) return dice.pick(ANY);
    const { $ref: ref, enum: listed, const: constant } = schema;
    const target = typeof ref === 'string' ? at(this.#document, ref.slice(2).split('/')) : undefined;
    const isAlone = dialectOf(this.#document) === 'openapi-3.0' || Object.keys(schema).length === 1;
    if (target !== undefined && isAlone) return this.of(target, depth + 1, isPart);
    if (constant !== undefined) return constant;
    if (isList(listed) && listed.length > 0) return dice.pick(listed);
    const parts = [...(target === undefined ? [] : [target]), ...this.#inPlace(schema)];
    const values = parts.map((part) => this.of(part, depth + 1, true));
    const own = this.#typed(schema, depth, isPart || values.length > 0);
    const all = own === undefined ? values : [...values, own];
    const objects = all.filter(isObject);
    if (objects.length > 0) return { ...Object.assign({}, ...objects), ...this.#tag(schema) };
    return all.length === 0 ? dice.pick(ANY) : dice.pick(all);
  }

  /** Schemas for the same value. */
  #inPlace(schema: JsonObject): readonly JsonValue[] {
    const { allOf, anyOf, oneOf, then, else: otherwise } = schema;
    const all = isList(allOf) ? allOf : [];
    const one = [anyOf, oneOf].flatMap((branches) =>
      isList(branches) && branches.length > 0 ? [this.#dice.pick(branches)] : [],
    );
    const condition = [then, otherwise].filter((branch) => branch !== undefined);
    return [...all, ...one, ...(condition.length > 0 && this.#dice.once(2) ? [this.#dice.pick(condition)] : [])];
  }

  /** A value for a discriminator. */
  #tag(schema: JsonObject): JsonObject {
    const tags = tagsOf(this.#document, schema);
    const names = (tags?.names ?? []).flatMap((values) => values ?? []);
    return tags && names.length > 0 ? { [tags.property]: this.#dice.pick(names) } : {};
  }

  #typed(schema: JsonObject, depth: number, isPart: boolean): JsonValue | undefined {
    const dice = this.#dice;
    const { type, nullable, properties, items } = schema;
    const types = isList(type) ? type : type === undefined ? [] : [type];
    if (nullable === true && dice.once(4)) return null;
    const guess = properties !== undefined ? 'object' : items !== undefined ? 'array' : undefined;
    switch (types.length > 0 ? dice.pick(types) : guess) {
      case 'null':
        return null;
      case 'boolean':
        return dice.once(2);
      case 'string':
        return this.#text(schema);
      case 'integer':
        return Math.round(this.#number(schema));
      case 'number':
        return this.#number(schema) + dice.pick([0, 0, 0.5]);
      case 'array':
        return this.#list(schema, depth);
      case 'object':
        return this.#object(schema, depth, isPart);
      default:
        return isPart ? undefined : dice.pick(ANY);
    }
  }

  #text({ format, pattern, minLength = 0, maxLength = 6 }: JsonObject): string {
    const dice = this.#dice;
    const samples = SAMPLES[String(format)];
    if (samples && dice.below(5) > 0) return dice.pick(samples);
    if (pattern !== undefined) return dice.pick(['a', 'b', 'ab', 'aa', 'abab', 'ba', 'abb', '', 'xb', 'ax']);
    const length = dice.pick([Number(minLength), Number(maxLength), dice.below(6)]);
    return dice.pick(['abcdef', 'ababab', 'xxxxxx', '123456']).slice(0, length).padEnd(length, 'a');
  }

  #number({ minimum, maximum, multipleOf = 1 }: JsonObject): number {
    const dice = this.#dice;
    const bounds = [minimum, maximum].filter((bound) => typeof bound === 'number');
    return dice.pick([...bounds, dice.below(9) - 2]) * (dice.once(3) ? Number(multipleOf) : 1);
  }

  #list({ items, prefixItems, contains, minItems = 0, maxItems = 4 }: JsonObject, depth: number): JsonValue {
    const dice = this.#dice;
    const prefix = isList(prefixItems) ? prefixItems : [];
    const length =
      depth > MOST_DEEP ? Number(minItems) : dice.pick([Number(minItems), Number(maxItems), dice.below(4)]);
    return Array.from({ length: Math.min(length, 5) }, (_, index) => {
      const schema = prefix[index] ?? (contains !== undefined && dice.once(2) ? contains : items);
      return this.of(schema, depth + 1);
    });
  }

  #object(schema: JsonObject, depth: number, isPart: boolean): JsonObject {
    const dice = this.#dice;
    const { properties, required, additionalProperties, patternProperties } = schema;
    const declared = isObject(properties) ? properties : {};
    const must = isList(required) ? required : [];
    const members = Object.entries(declared).flatMap(([name, member]): readonly [string, JsonValue][] => {
      const isUnsent = isObject(member) && member[this.#mark] === true;
      const isMust = must.includes(name) && !isUnsent;
      return isMust || (depth <= MOST_DEEP && !isUnsent && dice.once(2)) ? [[name, this.of(member, depth + 1)]] : [];
    });
    // Names that nothing declares are not promised, unless a schema says what they have, or all names are of this kind.
    const isMap =
      additionalProperties === true ||
      isObject(additionalProperties) ||
      (!isPart && Object.keys(declared).length === 0);
    const rest = isMap && additionalProperties !== false && dice.once(2) ? dice.some(FURTHER) : [];
    for (const name of rest)
      if (declared[name] === undefined) members.push([name, this.of(additionalProperties ?? true, depth + 1)]);
    for (const [pattern, inner] of Object.entries(isObject(patternProperties) ? patternProperties : {}))
      if (dice.once(2)) members.push([pattern.replace('^', ''), this.of(inner, depth + 1)]);
    return Object.fromEntries(members);
  }
}

const MOST_DEEP = 4;
const MOST_REFS = 20;
const FURTHER = ['a', 'b', 'ab', 'x'];
const ANY: readonly JsonValue[] = [
  '',
  'a',
  'ab',
  'abcd',
  0,
  1,
  2,
  7,
  0.5,
  true,
  false,
  null,
  [],
  ['a'],
  [1, 1],
  {},
  { a: 'a' },
  { a: 1, b: 2 },
];
const SAMPLES: Readonly<Record<string, readonly string[]>> = {
  date: ['2020-01-01', '1999-12-31'],
  'date-time': ['2020-01-01T00:00:00Z'],
  uuid: ['00000000-0000-4000-8000-000000000000'],
  ipv4: ['127.0.0.1'],
  email: ['a@b.cd'],
  uri: ['https://example.org/'],
};
