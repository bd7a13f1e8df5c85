import type { JsonObject, JsonValue } from '@atlas/ir';
import { isObject } from './mapSchema.ts';

/** A format as ajv-formats defines it. */
export type Formats = Readonly<Record<string, unknown>>;

/** Keywords that are understood here. A schema with any other has no quick check, nor has what refers to it. */
const KNOWN: ReadonlySet<string> = new Set([
  ...['$ref', 'additionalProperties', 'allOf', 'const', 'default', 'enum', 'exclusiveMaximum', 'exclusiveMinimum'],
  ...['format', 'items', 'maxItems', 'maxLength', 'maximum', 'minItems', 'minLength', 'minimum', 'pattern'],
  ...['properties', 'required', 'type'],
]);

const OF_TYPES = /^(?:additionalProperties|format|items|properties|required|pattern|(?:exclusive)?(?:m|M)(?:in|ax).*)$/;

/**
 * Functions that find out quickly that a value fits, as nearly all do: no list of errors, no pointers, the first doubt ends it. What they
 * refuse is looked at again by ajv's code, which can say what is wrong. So they may refuse too much (a default to be filled in, a member
 * that is `undefined`), and never let pass what ajv refuses.
 */
export class QuickChecks {
  readonly #shared: ReadonlyMap<string, JsonValue>;
  readonly #formats: Formats;
  readonly #names = new Map<string, string>();
  readonly #functions: string[] = [];
  #count = 0;

  /** `shared` are the schemas that references name. */
  constructor(shared: ReadonlyMap<string, JsonValue>, formats: Formats) {
    this.#shared = shared;
    this.#formats = formats;
  }

  /** The source of all functions that were asked for. */
  get text(): string {
    return this.#functions.join('\n');
  }

  /** The name of a function that checks the schema; undefined where it can't be checked quickly. */
  of(schema: JsonValue): string | undefined {
    return this.#isKnown(schema, []) ? this.#function(schema) : undefined;
  }

  /** `path` holds the references followed so far. */
  #isKnown(schema: JsonValue | undefined, path: readonly string[]): boolean {
    if (!isObject(schema)) return typeof schema === 'boolean';
    const keys = Object.keys(schema);
    if (!keys.every((key) => KNOWN.has(key))) return false;
    const { $ref: ref, type, enum: values = [], const: constant = null, allOf = [], properties, items } = schema;
    if (typeof ref === 'string' && !path.includes(ref) && !this.#isKnown(this.#shared.get(ref), [...path, ref]))
      return false;
    if (this.#typeOf(schema) === undefined && (type !== undefined || keys.some((key) => OF_TYPES.test(key)))) return false;
    if (!Array.isArray(values) || ![...values, constant].every((value: JsonValue) => typeof value !== 'object' || value === null)) return false;
    if (typeof (schema['additionalProperties'] ?? true) !== 'boolean' || !Array.isArray(allOf)) return false;
    const inner: readonly (JsonValue | undefined)[] = [
      ...allOf,
      ...(isObject(properties) ? Object.values(properties) : []),
      ...(items === undefined ? [] : [items]),
    ];
    return inner.every((part) => this.#isKnown(part, path));
  }

  /** The one type beside null. */
  #typeOf({ type }: JsonObject): string | undefined {
    const types: readonly JsonValue[] = Array.isArray(type) ? type : type === undefined ? [] : [type];
    const [only, ...others] = types.filter((name) => name !== 'null' || types.length === 1);
    return typeof only === 'string' && others.length === 0 ? only : undefined;
  }

  #function(schema: JsonValue): string {
    // not what an export may be called: those end in a letter or a digit
    const name = `fits${this.#names.size + this.#functions.length}_`;
    const at = this.#functions.push('') - 1;
    this.#functions[at] = `function ${name}(v) {${this.#checks(schema, 'v')} return true; }`;
    return name;
  }

  #reference(ref: string): string {
    const known = this.#names.get(ref);
    if (known !== undefined) return known;
    const name = `fits_${ref}_`;
    this.#names.set(ref, name);
    const at = this.#functions.push('') - 1;
    this.#functions[at] = `function ${name}(v) {${this.#checks(this.#shared.get(ref) ?? true, 'v')} return true; }`;
    return name;
  }

  /** Statements that return false where `v`, which is not undefined, does not fit. */
  #checks(schema: JsonValue, v: string): string {
    if (!isObject(schema)) return schema === true ? '' : ' return false;';
    const { $ref: ref, enum: values, const: constant, allOf = [], type } = schema;
    const parts: readonly JsonValue[] = Array.isArray(allOf) ? allOf : [];
    const typed = this.#ofType(schema, v);
    return [
      typeof ref === 'string' && unless(`${this.#reference(ref)}(${v})`),
      Array.isArray(type) && type.includes('null') && type.length > 1 ? ` if (${v} !== null) {${typed} }` : typed,
      Array.isArray(values) && unless(oneOf(v, values)),
      constant !== undefined && unless(oneOf(v, [constant])),
      ...parts.map((part) => this.#checks(part, v)),
    ]
      .filter((statement) => statement !== false)
      .join('');
  }

  #ofType(schema: JsonObject, v: string): string {
    switch (this.#typeOf(schema)) {
      case undefined:
        return '';
      case 'object':
        return this.#ofObject(schema, v);
      case 'array':
        return this.#ofArray(schema, v);
      case 'string':
        return unless(`typeof ${v} === "string"`, ...lengths(schema, v), ...this.#ofFormat(schema, 'string', v), ...pattern(schema, v));
      case 'integer':
        return unless(`Number.isInteger(${v})`, ...bounds(schema, v), ...this.#ofFormat(schema, 'number', v));
      case 'number':
        return unless(`Number.isFinite(${v})`, ...bounds(schema, v), ...this.#ofFormat(schema, 'number', v));
      case 'boolean':
        return unless(`typeof ${v} === "boolean"`);
      case 'null':
        return unless(`${v} === null`);
      default:
        return ' return false;';
    }
  }
