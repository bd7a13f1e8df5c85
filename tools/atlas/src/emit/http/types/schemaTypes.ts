import { isList, isObject, type JsonObject, type JsonValue } from '@atlas/ir';
import { commentOf } from './comment.ts';
import type { Inheritance } from './inheritance.ts';
import { isFreeForm } from './freeForm.ts';
import { refType } from './refType.ts';
import {
  BOOLEAN,
  EMPTY,
  keyOf,
  listOf,
  literal,
  NEVER,
  NULL,
  NUMBER,
  objectOf,
  other,
  STRING,
  tuple,
  union,
  intersection,
  UNKNOWN,
  type Type,
} from './type.ts';

const PRIMITIVES: ReadonlyMap<JsonValue | undefined, Type> = new Map([
  ['boolean', BOOLEAN],
  ['integer', NUMBER],
  ['null', NULL],
  ['number', NUMBER],
  ['string', STRING],
]);

/** Types of the schemas of one document. */
export class SchemaTypes {
  readonly #inheritance: Inheritance;
  #needsRequired = false;

  constructor(inheritance: Inheritance) {
    this.#inheritance = inheritance;
  }

  /** Whether a type uses the helper `WithRequired`. */
  get needsRequired(): boolean {
    return this.#needsRequired;
  }

  /**
   * The type of a schema. `ref` is the reference that leads to it, if it is a component or a branch of one: only these
   * inherit from a schema with a discriminator. The parts of a schema share its reference, because they describe the
   * same value.
   */
  of(given: JsonValue | undefined, ref?: string): Type {
    if (given === undefined || given === false) return NEVER;
    if (!isObject(given)) return UNKNOWN;
    const schema = this.#inheritance.patched(given);
    const { $ref, const: constant, enum: values, type } = schema;
    if (typeof $ref === 'string') return refType($ref);
    if (constant !== null && constant !== undefined) return literal(constant);
    if (isList(values) && type !== 'object' && !('properties' in schema) && !('additionalProperties' in schema))
      return union([...values.map(literal), ...(allowsNull(schema) ? [NULL] : [])]);
    return this.#composed(schema, ref) ?? ('type' in schema ? EMPTY : UNKNOWN);
  }

  /** The members of a map of schemas. */
  members(schemas: JsonObject, refOf: (name: string) => string | undefined): readonly string[] {
    return Object.entries(schemas).map(
      ([name, schema]) => `${commentOf(schema)}readonly ${keyOf(name)}: ${this.of(schema, refOf(name)).text};`,
    );
  }

  /** The type of what a schema says itself, together with its parts and branches. */
  #composed(schema: JsonObject, ref: string | undefined): Type | undefined {
    const { allOf, anyOf, oneOf, enum: values, type } = schema;
    const own = this.#own(schema, ref);
    const parts = isList(allOf) ? allOf.map((part) => this.#part(part, schema['required'], ref)) : [];
    let all: readonly Type[] = own ? [own] : [];
    if (parts.length > 0) all = [intersection([...all, intersection(parts)])];
    const branches = isList(anyOf) ? this.#branches(anyOf, 'anyOf', ref) : [];
    if (branches.length > 0) all = [union([...all, ...branches])];
    const choice = isList(oneOf)
      ? this.#branches(oneOf, 'oneOf', ref)
      : type === 'object' && isList(values)
        ? values.map(literal)
        : [];
    if (choice.length === 0) return all[0];
    return choice.every(({ form }) => form === 'primitive')
      ? union([...all, ...choice])
      : intersection([...all, union(choice)]);
  }

  #branches(list: readonly JsonValue[], keyword: string, ref: string | undefined): readonly Type[] {
    return list.map((branch, index) => this.of(branch, ref && `${ref}/${keyword}/${index}`));
  }

  /** A part of a schema, with the members that the schema requires of it. */
  #part(part: JsonValue, required: JsonValue | undefined, ref: string | undefined): Type {
    if (!isObject(part)) return this.of(part, ref);
    const names = isList(required) ? required : [];
    const $ref = part['$ref'];
    const discriminator = this.#inheritance.discriminatorOf(part);
    const type =
      typeof $ref === 'string'
        ? this.#withRequired($ref, names)
        : this.of(requiring(this.#inheritance.patched(part), names), ref);
    return discriminator === undefined ? type : other(`Omit<${type.text}, ${literal(discriminator).text}>`);
  }

  #withRequired(ref: string, names: readonly JsonValue[]): Type {
    const type = refType(ref);
    const properties = this.#inheritance.propertiesToRequire(ref);
    const known = names.filter(
      (name) => typeof name === 'string' && Object.hasOwn(properties, name) && properties[name] !== false,
    );
    if (known.length === 0) return type;
    this.#needsRequired = true;
    return other(`WithRequired<${type.text}, ${union(known.map(literal)).text}>`);
  }

  /** The type of what a schema says itself. Undefined if it says nothing. */
  #own(schema: JsonObject, ref: string | undefined): Type | undefined {
    const { type } = schema;
    const primitive = PRIMITIVES.get(type);
    if (primitive) return primitive;
    if (type === 'array') return this.#list(schema, ref);
    if (isList(type)) return this.#severalTypes(schema, type, ref);
    return this.#object(schema, ref);
  }

  #list({ items, prefixItems }: JsonObject, ref: string | undefined): Type {
    if (isList(prefixItems)) return tuple(prefixItems.map((item) => this.of(item, ref)));
    return listOf(items === undefined || items === false ? UNKNOWN : this.of(items, ref));
  }

  /** A union. A branch of `oneOf` that only has one of the types is for that type only. */
  #severalTypes(schema: JsonObject, types: readonly JsonValue[], ref: string | undefined): Type {
    const { oneOf, ...rest } = schema;
    const isBranch = (type: JsonValue): boolean =>
      PRIMITIVES.has(type) && isList(oneOf) && oneOf.some((branch) => isObject(branch) && branch['type'] === type);
    return union(
      types
        .filter((type) => !isBranch(type))
        .map((type) => (type === 'null' || type === null ? NULL : this.of({ ...rest, type }, ref))),
    );
  }

  #object(schema: JsonObject, ref: string | undefined): Type | undefined {
    const inherited = ref === undefined ? undefined : this.#inheritance.inheritedProperty(schema, ref);
    const { $defs } = schema;
    const members = [
      ...(inherited ? [`readonly ${keyOf(inherited.name)}: ${literal(inherited.value).text};`] : []),
      ...this.#properties(schema),
      ...(isObject($defs) && Object.keys($defs).length > 0
        ? [`$defs: ${objectOf(this.members($defs, (name) => ref && `${ref}/$defs/${name}`)).text};`]
        : []),
    ];
    const further = this.#furtherMembers(schema, ref);
    if (further.length === 0) return members.length === 0 ? undefined : objectOf(members);
    const index = objectOf([`readonly [key: string]: ${union(further).text};`]);
    return intersection([...(members.length > 0 ? [objectOf(members)] : []), index]);
  }

  #properties({ properties, required }: JsonObject): readonly string[] {
    if (!isObject(properties)) return [];
    const names = new Set(isList(required) ? required : []);
    return Object.entries(properties).map(([name, schema]) => {
      const optional = names.has(name) ? '' : '?';
      return `${commentOf(schema)}readonly ${keyOf(name)}${optional}: ${this.of(schema).text};`;
    });
  }

  /** The types of members that have no name in the schema. Empty if there are none. */
  #furtherMembers(schema: JsonObject, ref: string | undefined): readonly Type[] {
    const { additionalProperties: further, patternProperties } = schema;
    const isAny = further === true || (isObject(further) && Object.keys(further).length === 0) || isFreeForm(schema);
    return [
      ...(isAny ? [UNKNOWN] : isObject(further) ? [this.of(further, ref)] : []),
      ...(isObject(patternProperties) ? Object.values(patternProperties).map((each) => this.of(each, ref)) : []),
    ];
  }
}

function allowsNull({ type }: JsonObject): boolean {
  return isList(type) && type.includes('null');
}

function requiring(schema: JsonObject, names: readonly JsonValue[]): JsonObject {
  const { required } = schema;
  return { ...schema, required: [...names, ...(isList(required) ? required : [])] };
}
