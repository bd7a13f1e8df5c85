import { isList, isObject, type JsonObject, type JsonValue } from '@atlas/ir';
import { decides, isCheckedFormat } from '../../jsonschema/keywords.ts';
import { mapSubschemas } from '../../jsonschema/walk.ts';
import type { Direction } from '../schemas.ts';
import { at, dialectOf } from './places.ts';
import { plainAjv } from './plainAjv.ts';

/*
 * A second reading of the schemas of OpenAPI that does not use the engine: whole schemas of JSON Schema 2020-12 for
 * ajv. Tests compare verdicts with it.
 */

const validators = new Map<string, (value: JsonValue) => boolean | undefined>();

/** Whether ajv accepts a value of a schema in one direction. Undefined if ajv can't be relied on. */
export function ajvAccepts(
  document: JsonObject,
  schema: JsonValue,
  value: JsonValue,
  direction: Direction,
): boolean | undefined {
  const whole = new Reading(document, direction).whole(schema);
  const key = JSON.stringify(whole);
  const validate = validators.get(key) ?? plainAjv(whole);
  validators.set(key, validate);
  return validate(value);
}

class Reading {
  readonly #document: JsonObject;
  readonly #direction: Direction;
  readonly #reached = new Map<string, JsonValue>();

  constructor(document: JsonObject, direction: Direction) {
    this.#document = document;
    this.#direction = direction;
  }

  whole(schema: JsonValue): JsonObject {
    const root = this.#read(schema);
    return { allOf: [root], $defs: Object.fromEntries(this.#reached) };
  }

  /** `isCondition`: inside `if` and `not`, where what is never sent refuses nothing. */
  #read(schema: JsonValue, isCondition = false): JsonValue {
    if (!isObject(schema)) return schema;
    const dialect = dialectOf(this.#document);
    const { $ref: ref } = schema;
    const reference = typeof ref === 'string' ? { $ref: this.#reference(ref, isCondition) } : {};
    if (typeof ref === 'string' && dialect === 'openapi-3.0') return reference;
    const read = (one: JsonValue, keyword: string): JsonValue =>
      this.#read(one, isCondition || keyword === 'if' || keyword === 'not');
    const inner = mapSubschemas(schema, read, dialect);
    const kept = Object.entries(inner).filter(
      ([key, value]) => decides(key, dialect) && (key !== 'format' || isCheckedFormat(value)),
    );
    const own = { ...reference, ...Object.fromEntries(kept) };
    const latest = dialect === 'openapi-3.0' ? as2020(own) : own;
    return this.#tagged(schema, isCondition ? latest : this.#sent(schema, latest));
  }

  #reference(ref: string, isCondition: boolean): string {
    const name = ref.slice('#/components/schemas/'.length);
    const key = isCondition ? `${name}-asked` : name;
    if (!this.#reached.has(key)) {
      this.#reached.set(key, true);
      const target = at(this.#document, ['components', 'schemas', name]) ?? false;
      this.#reached.set(key, this.#read(target, isCondition));
    }
    return `#/$defs/${key}`;
  }

  /** Without properties that this direction never sends: OpenAPI 3.0.3, section 4.7.24.2. */
  #sent(schema: JsonObject, read: JsonObject): JsonObject {
    const { properties } = schema;
    if (!isObject(properties)) return read;
    const mark = this.#direction === 'request' ? 'readOnly' : 'writeOnly';
    const unsent = Object.keys(properties).filter((name) => this.#isMarked(properties[name], mark));
    if (unsent.length === 0) return read;
    const { required, properties: others } = read;
    return {
      ...read,
      properties: { ...(isObject(others) ? others : {}), ...Object.fromEntries(unsent.map((name) => [name, false])) },
      ...(isList(required) ? { required: required.filter((name) => !unsent.some((one) => one === name)) } : {}),
    };
  }

  #isMarked(schema: JsonValue | undefined, mark: string): boolean {
    if (!isObject(schema)) return false;
    const { $ref: ref } = schema;
    const isAlone = ref !== undefined && dialectOf(this.#document) === 'openapi-3.0';
    if (schema[mark] === true && !isAlone) return true;
    return typeof ref === 'string' && this.#isMarked(at(this.#document, ref.slice(2).split('/')), mark);
  }

  /** Each branch with the values of the discriminator that select it: OpenAPI 3.1, section 4.8.25. */
  #tagged(schema: JsonObject, read: JsonObject): JsonObject {
    const tags = tagsOf(this.#document, schema);
    if (!tags) return read;
    const { property, key, names } = tags;
    const branches = read[key];
    if (!isList(branches)) return read;
    const tagged = branches.map((branch, index) => {
      const values = names[index];
      return values
        ? { allOf: [branch, { required: [property], properties: { [property]: { enum: values } } }] }
        : branch;
    });
    return { ...read, [key]: tagged };
  }
}

/** What a discriminator says about the branches beside it. A branch that fixes the property itself has no names. */
export function tagsOf(document: JsonObject, schema: JsonObject) {
  const { discriminator } = schema;
  const property = isObject(discriminator) ? discriminator['propertyName'] : undefined;
  const key = isList(schema['oneOf']) ? 'oneOf' : 'anyOf';
  const branches = schema[key];
  if (!isObject(discriminator) || typeof property !== 'string' || !isList(branches)) return undefined;
  const { mapping } = discriminator;
  const names = branches.map((branch) => {
    const ref = isObject(branch) ? branch['$ref'] : undefined;
    if (typeof ref !== 'string' || fixes(document, branch, property)) return undefined;
    const name = ref.slice('#/components/schemas/'.length);
    const keys = Object.entries(isObject(mapping) ? mapping : {}).flatMap(([tag, to]) =>
      to === ref || to === name ? [tag] : [],
    );
    return keys.length > 0 ? keys : [name];
  });
  return { property, key, names };
}

function fixes(document: JsonObject, schema: JsonValue | undefined, property: string): boolean {
  if (!isObject(schema)) return false;
  const { $ref: ref, allOf } = schema;
  const own = at(schema, ['properties', property]);
  if (isObject(own) && (own['enum'] !== undefined || own['const'] !== undefined)) return true;
  const target = typeof ref === 'string' ? at(document, ref.slice(2).split('/')) : undefined;
  return fixes(document, target, property) || (isList(allOf) && allOf.some((part) => fixes(document, part, property)));
}

/** What OpenAPI 3.0 expresses in its own way. */
function as2020({ nullable, exclusiveMinimum, exclusiveMaximum, ...rest }: JsonObject): JsonObject {
  const { type, minimum, maximum } = rest;
  return {
    ...rest,
    ...(nullable === true && typeof type === 'string' ? { type: [type, 'null'] } : {}),
    ...(exclusiveMinimum === true && minimum !== undefined ? { exclusiveMinimum: minimum } : {}),
    ...(exclusiveMaximum === true && maximum !== undefined ? { exclusiveMaximum: maximum } : {}),
  };
}
