import type { JsonObject, JsonValue } from '@atlas/ir';
import { isObject } from './mapSchema.ts';

/** Keywords that any type may have. A schema with one that is not known here has no quick check, nor has what refers to it. */
const COMMON: readonly string[] = ['$ref', 'allOf', 'const', 'default', 'enum', 'type'];
const OF_NUMBERS: readonly string[] = ['exclusiveMaximum', 'exclusiveMinimum', 'format', 'maximum', 'minimum'];
const BY_TYPE: ReadonlyMap<string, readonly string[]> = new Map([
  ['array', ['items', 'maxItems', 'minItems']],
  ['boolean', []],
  ['integer', OF_NUMBERS],
  ['null', []],
  ['number', OF_NUMBERS],
  ['object', ['additionalProperties', 'properties', 'required']],
  ['string', ['format', 'maxLength', 'minLength', 'pattern']],
]);

class NotKnown extends Error {}

/**
 * Functions that find out quickly that a value fits, as nearly all do: no pointers, no list of errors, the first doubt ends it.
 * What they refuse is looked at again by ajv's code, which can say what is wrong and where. So they may refuse too much (text
 * beyond the BMP, a default to be filled in), and never let pass what ajv's code refuses.
 */
export class QuickChecks {
  readonly #shared: ReadonlyMap<string, JsonValue>;
  readonly #formats: Readonly<Record<string, unknown>>;
  /** References that can be checked. */
  readonly #known: Set<string>;
  readonly #functions = new Map<string, string>();
  readonly #patterns = new Map<string, string>();
  #locals = 0;

  /** `shared` are the schemas that references name, `formats` those of ajv-formats. */
  constructor(shared: ReadonlyMap<string, JsonValue>, formats: Readonly<Record<string, unknown>>) {
    this.#shared = shared;
    this.#formats = formats;
    this.#known = new Set(shared.keys());
    // Schemas refer to each other in circles: take all for known, and strike out until what is left holds together.
    for (let before = -1; before !== this.#known.size;) {
      before = this.#known.size;
      for (const name of this.#known) if (this.#body(shared.get(name) ?? true) === undefined) this.#known.delete(name);
    }
    this.#functions.clear();
    this.#patterns.clear();
  }

  /** The source of the functions that were asked for, and of those that they call. */
  get text(): string {
    const patterns = [...this.#patterns].map(([pattern, name]) => `const ${name} = new RegExp(${lit(pattern)}, "u");`);
    const functions = [...this.#functions].map(([name, body]) => `function ${name}(v) {${body} return true; }`);
    return [...patterns, ...functions].join('\n');
  }

  /** The name of a function that checks `schema`; undefined where there is none. It ends as no name of an export does. */
  of(name: string, schema: JsonValue): string | undefined {
    const body = this.#body(schema);
    if (body !== undefined) this.#functions.set(`fits_${name}_`, body);
    return body === undefined ? undefined : `fits_${name}_`;
  }

  #body(schema: JsonValue): string | undefined {
    this.#locals = 0;
    try {
      return this.#checks(schema, 'v');
    } catch (error) {
      if (error instanceof NotKnown) return undefined;
      throw error;
    }
  }

  /** Statements that return false unless `v`, which is not undefined, fits. */
  #checks(schema: JsonValue | undefined, v: string): string {
    if (!isObject(schema)) return schema === false ? ' return false;' : '';
    const { $ref, allOf = [], enum: values } = schema;
    const types = listOf(schema['type']);
    const [type, ...others] = types.length > 1 ? types.filter((name) => name !== 'null') : types;
    const own = (typeof type === 'string' && BY_TYPE.get(type)) || [];
    if (others.length > 0 || !Object.keys(schema).every((key) => COMMON.includes(key) || own.includes(key)))
      throw new NotKnown();
    const typed = typeof type === 'string' ? this.#ofType(type, schema, v) : '';
    const texts = [types.length > 1 && types.includes('null') ? ` if (${v} !== null) {${typed} }` : typed];
    if (typeof $ref === 'string') texts.push(unless(`${this.#reference($ref)}(${v})`));
    if (values !== undefined) texts.push(unless(oneOf(v, listOf(values))));
    if (schema['const'] !== undefined) texts.push(unless(oneOf(v, [schema['const']])));
    return [...texts, ...listOf(allOf).map((part) => this.#checks(part, v))].join('');
  }

  #reference(ref: string): string {
    if (!this.#known.has(ref)) throw new NotKnown();
    const name = `fitsRef_${ref}_`;
    if (!this.#functions.has(name)) {
      this.#functions.set(name, ''); // keeps it from being made again on the way
      const locals = this.#locals;
      this.#functions.set(name, this.#body(this.#shared.get(ref) ?? true) ?? ' return false;');
      this.#locals = locals;
    }
    return name;
  }

  #ofType(type: string, schema: JsonObject, v: string): string {
    switch (type) {
      case 'object':
        return this.#ofObject(schema, v);
      case 'array':
        return this.#ofArray(schema, v);
      case 'string':
        return unless(
          `typeof ${v} === "string"`,
          ...sizes(schema, v),
          ...this.#format(schema, v, 'string'),
          ...this.#pattern(schema, v),
        );
      case 'integer':
      case 'number':
        return unless(
          `Number.is${type === 'integer' ? 'Integer' : 'Finite'}(${v})`,
          ...bounds(schema, v),
          ...this.#format(schema, v, 'number'),
        );
      case 'boolean':
        return unless(`typeof ${v} === "boolean"`);
      default:
        return unless(`${v} === null`);
    }
  }

  #ofObject({ properties = {}, required, additionalProperties = true }: JsonObject, v: string): string {
    if (!isObject(properties) || typeof additionalProperties !== 'boolean') throw new NotKnown();
    const needed = listOf(required);
    const undeclared = needed.filter((name) => typeof name === 'string' && !Object.hasOwn(properties, name));
    const texts = [unless(`typeof ${v} === "object"`, `${v} !== null`, `!Array.isArray(${v})`)];
    if (!additionalProperties) {
      const cases = Object.keys(properties).map((name) => ` case ${lit(name)}:`);
      texts.push(
        ` for (const key in ${v}) switch (key) {${cases.join('')}${cases.length > 0 ? ' break;' : ''} default: return false; }`,
      );
    }
    texts.push(...undeclared.map((name) => unless(`${v}[${lit(name)}] !== undefined`)));
    for (const [name, schema = true] of Object.entries(properties)) {
      const local = this.#local();
      texts.push(` const ${local} = ${v}[${lit(name)}];`);
      const isNeeded = needed.includes(name) || (isObject(schema) && schema['default'] !== undefined);
      const checks = this.#checks(schema, local);
      if (isNeeded) texts.push(unless(`${local} !== undefined`), checks);
      else if (checks !== '') texts.push(` if (${local} !== undefined) {${checks} }`);
    }
    return texts.join('');
  }

  #ofArray({ items = true, minItems, maxItems }: JsonObject, v: string): string {
    const index = this.#local();
    const item = this.#local();
    const checks = this.#checks(items, item);
    const loop = ` for (let ${index} = 0; ${index} < ${v}.length; ${index}++) { const ${item} = ${v}[${index}];${checks} }`;
    return (
      unless(
        `Array.isArray(${v})`,
        ...compared(`${v}.length`, [
          ['>=', minItems],
          ['<=', maxItems],
        ]),
      ) + (checks === '' ? '' : loop)
    );
  }

  #format({ format }: JsonObject, v: string, type: 'string' | 'number'): readonly string[] {
    if (format === undefined) return [];
    if (typeof format !== 'string') throw new NotKnown();
    if (format === 'uuid') return type === 'string' ? [`isUuid(${v})`] : [];
    const defined = this.#formats[format];
    const isFull = typeof defined === 'object' && defined !== null && 'validate' in defined;
    const test = isFull ? defined.validate : defined;
    const forType = isFull && 'type' in defined ? defined.type : 'string';
    const source = `formats[${lit(format)}]${isFull ? '.validate' : ''}`;
    if (forType !== type) return [];
    if (test instanceof RegExp) return [`${source}.test(${v})`];
    if (typeof test === 'function') return [`${source}(${v})`];
    throw new NotKnown();
  }

  #pattern({ pattern }: JsonObject, v: string): readonly string[] {
    if (pattern === undefined) return [];
    if (typeof pattern !== 'string') throw new NotKnown();
    const name = this.#patterns.get(pattern) ?? `pattern${this.#patterns.size}_`;
    this.#patterns.set(pattern, name);
    return [`${name}.test(${v})`];
  }

  #local(): string {
    return `v${this.#locals++}`;
  }
}

function unless(...conditions: readonly string[]): string {
  return ` if (!(${conditions.join(' && ')})) return false;`;
}

function compared(v: string, limits: readonly (readonly [string, JsonValue | undefined])[]): readonly string[] {
  return limits.flatMap(([operator, limit]) => {
    if (limit !== undefined && typeof limit !== 'number') throw new NotKnown();
    return limit === undefined ? [] : [`${v} ${operator} ${limit}`];
  });
}

function bounds(schema: JsonObject, v: string): readonly string[] {
  return compared(v, [
    ['>=', schema['minimum']],
    ['<=', schema['maximum']],
    ['>', schema['exclusiveMinimum']],
    ['<', schema['exclusiveMaximum']],
  ]);
}

/** There are at most as many code points as UTF-16 units, and at least half as many. */
function sizes({ minLength, maxLength }: JsonObject, v: string): readonly string[] {
  const enough = typeof minLength === 'number' && minLength > 1 ? `ucs2length(${v}) >= ${minLength}` : undefined;
  return [
    ...(enough === undefined ? compared(`${v}.length`, [['>=', minLength]]) : [enough]),
    ...compared(`${v}.length`, [['<=', maxLength]]),
  ];
}

function oneOf(v: string, values: readonly JsonValue[]): string {
  if (values.some((value) => typeof value === 'object' && value !== null)) throw new NotKnown();
  return values.map((value) => `${v} === ${lit(value)}`).join(' || ') || 'false';
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function lit(value: JsonValue): string {
  return JSON.stringify(value);
}
