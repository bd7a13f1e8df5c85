import {
  AVRO_LOGICAL_TYPES,
  isAvroPrimitive,
  isList,
  isObject,
  type AvroPrimitiveName,
  type AvroType,
  type JsonValue,
  type Loc,
} from '@atlas/ir';
import type { Cursor } from '../../document/cursor.ts';
import { didYouMean } from '../../document/suggest.ts';
import { CanonicalWriter } from './canonical.ts';
import { Defaults } from './defaults.ts';
import {
  type Around,
  type ParsedSchema,
  type SchemaParser,
  type WrittenField,
  enumOf,
  fixedOf,
  logicalOf,
  recordOf,
} from './definitions.ts';
import {
  AVRO_TYPES,
  fullNameOf,
  inNamespace,
  isComplex,
  isDotted,
  nameFix,
  namespaceOf,
  sameDefinition,
  shortName,
  type Definition,
  type NamedSchemas,
} from './names.ts';
import { avroLimits, Report } from './report.ts';

/** Parses one schema, and the schemas of other files that it refers to. */
export class AvroParser implements SchemaParser {
  readonly report = new Report();
  readonly canonical = new CanonicalWriter(this.report);
  /** Where each named type is defined. */
  readonly places = new Map<string, Loc>();
  readonly types = new Map<string, AvroType>();
  readonly fields: WrittenField[] = [];
  /** The cursor of each definition, and the namespace around it. */
  readonly #defined = new Map<string, Definition>();
  readonly #named: NamedSchemas;
  #members = 0;

  /** `named` has the types of other files, by full name. */
  constructor(named: NamedSchemas) {
    this.#named = named;
  }

  /** Parses a whole schema. Defaults are judged last, because a default may be of a type that contains it. */
  root(cursor: Cursor): ParsedSchema | undefined {
    const parsed = this.parse(cursor, { namespace: '', depth: 0 });
    const defaults = new Defaults(this.types);
    for (const field of this.fields) this.#default(field, defaults);
    return parsed;
  }

  #default({ field, cursor }: WrittenField, defaults: Defaults): void {
    const written = cursor.get('default');
    if (!field.default || !written) return;
    const { message, later } = defaults.problem(field.default.value, field.type);
    const about = `the default of ${field.name}`;
    if (message !== undefined)
      this.report.error(
        'ATL4007',
        `${about} ${message}`,
        written.valueLoc,
        "write a value of the type, in Avro's JSON encoding",
      );
    else if (later === true)
      this.report.warning(
        'ATL4008',
        `${about} does not fit the first branch of its union`,
        written.valueLoc,
        'put the branch of the default first',
      );
  }

  parse(cursor: Cursor, around: Around): ParsedSchema | undefined {
    if (around.depth > avroLimits.depth) {
      const message = `types are nested more than ${avroLimits.depth} levels deep`;
      this.report.error('ATL4014', message, cursor.valueLoc, 'flatten the schema');
      return undefined;
    }
    const { value } = cursor;
    if (typeof value === 'string') return this.#byName(value, cursor, around);
    if (isList(value)) return this.#union(cursor, around);
    if (isObject(value)) return this.#object(cursor, around);
    this.report.error(
      'ATL4002',
      'a schema must be a name, an object or a list of branches',
      cursor.valueLoc,
      'write a type, such as "string"',
    );
    return undefined;
  }

  count(cursor: Cursor, amount: number): boolean {
    const before = this.#members;
    this.#members += amount;
    if (before <= avroLimits.members && this.#members > avroLimits.members)
      this.report.error(
        'ATL4014',
        `the schema has more than ${avroLimits.members} fields, branches and symbols`,
        cursor.loc,
        'split it',
      );
    return this.#members <= avroLimits.members;
  }

  define(cursor: Cursor, around: Around): string | undefined {
    const name = cursor.get('name');
    const text = name?.string();
    if (!name || text === undefined) {
      this.report.error(
        'ATL4002',
        `the ${cursor.get('type')?.string() ?? 'type'} has no name`,
        name?.valueLoc ?? cursor.loc,
        'add "name"',
      );
      return undefined;
    }
    const namespace = this.#namespace(cursor, around.namespace);
    if (namespace === undefined) return undefined;
    const full = inNamespace(text, namespace);
    if (!isDotted(full) || isAvroPrimitive(full) || isComplex(full)) {
      this.report.error('ATL4003', `${JSON.stringify(text)} is not a valid type name`, name.valueLoc, nameFix(text));
      return undefined;
    }
    const definition = { cursor, namespace: around.namespace };
    const other = this.places.get(full) ?? this.#elsewhere(full, definition);
    if (other) {
      this.report.error('ATL4004', `${full} is defined twice`, name.valueLoc, 'keep one, and refer to it by its name', {
        loc: other,
        message: 'the first',
      });
      return undefined;
    }
    this.places.set(full, name.valueLoc);
    this.#defined.set(full, definition);
    return full;
  }

  #namespace(cursor: Cursor, inherited: string): string | undefined {
    const written = cursor.get('namespace');
    if (!written) return inherited;
    const text = written.string();
    if (text !== undefined && (text === '' || isDotted(text))) return text;
    this.report.error(
      'ATL4003',
      `${JSON.stringify(written.value)} is not a valid namespace`,
      written.valueLoc,
      'write names joined by dots',
    );
    return undefined;
  }

  /** The place of a definition of the name with another meaning, at the root of another file. */
  #elsewhere(full: string, definition: Definition): Loc | undefined {
    const other = this.#named.get(full);
    return other && other.cursor.pointer === '' && !sameDefinition(other, definition)
      ? other.cursor.get('name')?.valueLoc
      : undefined;
  }

  /** A type that another file has defined already, with the same meaning. */
  #known(definition: Definition): ParsedSchema | undefined {
    const name = fullNameOf(definition);
    const known = this.#defined.get(name);
    return known && known.cursor.file !== definition.cursor.file && sameDefinition(known, definition)
      ? { type: { kind: 'ref', name }, canonical: name }
      : undefined;
  }

  #byName(text: string, cursor: Cursor, around: Around): ParsedSchema | undefined {
    if (isAvroPrimitive(text)) return { type: { kind: text }, canonical: text };
    if (isComplex(text)) {
      this.report.error(
        'ATL4001',
        `${JSON.stringify(text)} needs more than its name`,
        cursor.valueLoc,
        `write an object: { "type": "${text}", … }`,
      );
      return undefined;
    }
    const full = inNamespace(text, around.namespace);
    if (this.places.has(full)) return { type: { kind: 'ref', name: full }, canonical: full };
    const found = this.#named.get(full);
    if (found?.differs && found.cursor.pointer !== '') {
      const { file } = found.differs.cursor;
      const message = `${full} means one thing in ${found.cursor.file} and another in ${file}`;
      this.report.error('ATL4004', message, cursor.valueLoc, 'define it in a file of its own, in one way');
      return undefined;
    }
    if (found) return this.parse(found.cursor, { namespace: found.namespace, depth: around.depth + 1 });
    this.report.error('ATL4001', `unknown type ${JSON.stringify(text)}`, cursor.valueLoc, this.#meant(text, around));
    return undefined;
  }

  #meant(text: string, { namespace }: Around): string {
    const foreign = Object.hasOwn(FOREIGN, text) ? FOREIGN[text] : undefined;
    if (foreign !== undefined) return `write ${foreign}`;
    const known = [...AVRO_TYPES, ...this.places.keys(), ...this.#named.keys()];
    const same = known.find((name) => name.endsWith(`.${text}`));
    if (same !== undefined) return `write ${JSON.stringify(same)}`;
    const short = known.filter((name) => namespace !== '' && namespaceOf(name) === namespace).map(shortName);
    return (
      didYouMean(text, [...known, ...short]) ?? 'define it where it is first used, or in an .avsc file beside this one'
    );
  }

  #object(cursor: Cursor, around: Around): ParsedSchema | undefined {
    const type = cursor.get('type');
    const name = type?.string();
    if (!type || name === undefined) {
      const message = type ? 'the type of a schema must be a name' : 'the schema has no type';
      const fix = type ? 'replace this object by the schema inside it' : 'add "type"';
      this.report.error('ATL4002', message, type?.valueLoc ?? cursor.valueLoc, fix);
      return undefined;
    }
    switch (name) {
      case 'record':
        return this.#known({ cursor, namespace: around.namespace }) ?? recordOf(cursor, around, this);
      case 'enum':
        return this.#known({ cursor, namespace: around.namespace }) ?? enumOf(cursor, around, this);
      case 'fixed':
        return this.#known({ cursor, namespace: around.namespace }) ?? fixedOf(cursor, around, this);
      case 'array':
      case 'map':
        return this.#container(cursor, name, around);
      default:
        return isAvroPrimitive(name) ? this.#primitive(cursor, name) : this.#byName(name, type, around);
    }
  }

  #primitive(cursor: Cursor, kind: AvroPrimitiveName): ParsedSchema {
    const logical = logicalOf(cursor, kind, undefined, this.report);
    const written = this.canonical.object(cursor, {}, ['name', 'namespace']);
    return {
      type: { kind, ...(logical ? { logical } : {}) },
      canonical: Object.keys(written).length === 1 ? kind : written,
    };
  }

  #container(cursor: Cursor, kind: 'array' | 'map', around: Around): ParsedSchema | undefined {
    const member = kind === 'array' ? 'items' : 'values';
    const inner = cursor.get(member);
    if (!inner) {
      const loc = cursor.get('type')?.valueLoc ?? cursor.loc;
      this.report.error('ATL4002', `the ${kind} has no "${member}"`, loc, `add "${member}"`);
      return undefined;
    }
    const parsed = this.parse(inner, { ...around, depth: around.depth + 1 });
    return (
      parsed && {
        type: kind === 'array' ? { kind, items: parsed.type } : { kind, values: parsed.type },
        canonical: this.canonical.object(cursor, { [member]: parsed.canonical }),
      }
    );
  }

  /** Avro 1.12, "Unions": no union directly inside a union, and no two branches of one type, except of two names. */
  #union(cursor: Cursor, around: Around): ParsedSchema | undefined {
    const items = cursor.items();
    if (items.length === 0) {
      this.report.error('ATL4006', 'the union has no branches', cursor.valueLoc, 'write at least one type');
      return undefined;
    }
    if (!this.count(cursor, items.length)) return undefined;
    const first = new Map<string, Cursor>();
    const types: AvroType[] = [];
    const canonical: JsonValue[] = [];
    for (const item of items) {
      const parsed = this.parse(item, { ...around, depth: around.depth + 1 });
      if (!parsed) continue;
      const { type } = parsed;
      if (type.kind === 'union') {
        const fix = 'move its branches to the outer union';
        this.report.error('ATL4006', 'a union directly inside a union', item.valueLoc, fix);
        continue;
      }
      const key = 'name' in type ? type.name : type.kind;
      const other = first.get(key);
      if (other) {
        const related = { loc: other.valueLoc, message: 'the first' };
        this.report.error('ATL4006', `two branches of type ${key}`, item.valueLoc, 'remove one of the two', related);
        continue;
      }
      first.set(key, item);
      types.push(type);
      canonical.push(parsed.canonical);
    }
    return types.length < items.length ? undefined : { type: { kind: 'union', branches: types }, canonical };
  }
}

/** Names of types in other languages and databases, with what Avro has for them. */
const FOREIGN: Readonly<Record<string, string>> = {
  integer: '"int" or "long"',
  ...Object.fromEntries(['short', 'smallint', 'byte', 'int8', 'int16', 'int32'].map((name) => [name, '"int"'])),
  ...Object.fromEntries(['bigint', 'int64', 'uint32', 'uint64'].map((name) => [name, '"long"'])),
  number: '"double", or "int"',
  float32: '"float"',
  ...Object.fromEntries(['float64', 'real'].map((name) => [name, '"double"'])),
  bool: '"boolean"',
  ...Object.fromEntries(['str', 'text', 'char', 'varchar'].map((name) => [name, '"string"'])),
  ...Object.fromEntries(['binary', 'blob', 'bytea'].map((name) => [name, '"bytes"'])),
  object: 'a record, or { "type": "map", "values": … }',
  ...Object.fromEntries(
    Object.entries(AVRO_LOGICAL_TYPES).map(([name, [base]]) => [
      name,
      `{ "type": "${base}", "logicalType": "${name}" }`,
    ]),
  ),
  ...Object.fromEntries(
    ['datetime', 'timestamp', 'timestamptz'].map((name) => [
      name,
      '{ "type": "long", "logicalType": "timestamp-millis" }',
    ]),
  ),
  decimal: '{ "type": "bytes", "logicalType": "decimal", "precision": …, "scale": … }',
  duration: '{ "type": "fixed", "name": …, "size": 12, "logicalType": "duration" }',
};
