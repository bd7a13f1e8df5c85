import { inNamespace, namespaceOf, type AvroPrimitiveName, type AvroRecord, type AvroType, type Loc } from '@atlas/ir';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Cursor } from '../../load/index.ts';
import { didYouMean } from '../../document/suggest.ts';
import { enumOf, fixedOf } from './enumAndFixed.ts';
import { avroLimits } from './limits.ts';
import { logicalOf } from './logical.ts';
import { COMPLEX, PRIMITIVES, isDotted, nameFix, shortName } from './names.ts';
import { recordOf } from './recordOf.ts';
import { Report } from './report.ts';
import type { Around, SchemaReader } from './schemaReader.ts';
import { unionOf } from './unionOf.ts';

/** Reads one schema with all that it refers to. What is wrong goes into `findings`; what can't be read is undefined. */
export class AvroParser implements SchemaReader {
  readonly report = new Report();
  /** Where each named type is defined. */
  readonly places = new Map<string, Loc>();
  /** Named types that are complete. */
  readonly types = new Map<string, AvroType>();
  readonly #named: ReadonlyMap<string, Cursor>;
  #members = 0;

  constructor(named: ReadonlyMap<string, Cursor>) {
    this.#named = named;
  }

  get findings(): Diagnostic[] {
    return this.report.findings;
  }

  /** The record at the root of a message. */
  root(cursor: Cursor): AvroRecord | undefined {
    const type = this.read(cursor, { namespace: '', depth: 0 });
    if (!type) return undefined;
    if (type.kind === 'record') return type;
    this.report.error(
      'ATL4013',
      `the payload of a message is a record, not ${type.kind}`,
      cursor.valueLoc,
      'put the value into a field of a record',
    );
    return undefined;
  }

  read(cursor: Cursor, around: Around): AvroType | undefined {
    if (around.depth > avroLimits.depth) {
      this.report.error(
        'ATL4014',
        `types lie more than ${avroLimits.depth} deep in each other`,
        cursor.valueLoc,
        'flatten the schema',
      );
      return undefined;
    }
    const { value } = cursor;
    if (typeof value === 'string') return this.#byName(value, cursor, around);
    if (Array.isArray(value)) return unionOf(cursor, around, this);
    if (typeof value === 'object' && value !== null) return this.#object(cursor, around);
    this.report.error(
      'ATL4002',
      'a schema is a name, an object or a list of branches',
      cursor.valueLoc,
      'write a type, such as "string"',
    );
    return undefined;
  }

  /** Counts what a schema is made of; false once it is too much. */
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

  /** Enters a definition under its full name; undefined, with a finding, where that can't be. */
  define(cursor: Cursor, around: Around): string | undefined {
    const name = cursor.get('name');
    const text = name?.string();
    if (!name || text === undefined) {
      this.report.error(
        'ATL4002',
        `${cursor.get('type')?.string() ?? 'a type'} without a name`,
        name?.valueLoc ?? cursor.loc,
        'add "name"',
      );
      return undefined;
    }
    const namespace = this.#namespace(cursor, around.namespace);
    if (namespace === undefined) return undefined;
    const full = inNamespace(text, namespace);
    if (!isDotted(full) || PRIMITIVES.has(full) || COMPLEX.has(full)) {
      this.report.error('ATL4003', `${JSON.stringify(text)} can not name a type`, name.valueLoc, nameFix(text));
      return undefined;
    }
    const other = this.places.get(full) ?? this.#elsewhere(full, cursor);
    if (other) {
      this.report.error('ATL4004', `${full} is defined twice`, name.valueLoc, 'keep one, and refer to it by its name', {
        loc: other,
        message: 'the first',
      });
      return undefined;
    }
    this.places.set(full, name.valueLoc);
    return full;
  }

  #namespace(cursor: Cursor, inherited: string): string | undefined {
    const written = cursor.get('namespace');
    if (!written) return inherited;
    const text = written.string();
    if (text !== undefined && (text === '' || isDotted(text))) return text;
    this.report.error(
      'ATL4003',
      `${JSON.stringify(written.value)} is no namespace`,
      written.valueLoc,
      'write names joined by dots',
    );
    return undefined;
  }

  /** Another file that defines the same name at its root. */
  #elsewhere(full: string, cursor: Cursor): Loc | undefined {
    const other = this.#named.get(full);
    return other && (other.file !== cursor.file || other.pointer !== cursor.pointer)
      ? other.get('name')?.valueLoc
      : undefined;
  }

  #byName(text: string, cursor: Cursor, around: Around): AvroType | undefined {
    if (PRIMITIVES.has(text)) return { kind: primitive(text) };
    if (COMPLEX.has(text)) {
      this.report.error(
        'ATL4001',
        `${JSON.stringify(text)} needs more than its name`,
        cursor.valueLoc,
        `write an object: { "type": "${text}", … }`,
      );
      return undefined;
    }
    const full = inNamespace(text, around.namespace);
    if (this.places.has(full)) return { kind: 'ref', name: full };
    const file = this.#named.get(full);
    if (file) return this.read(file, { namespace: '', depth: around.depth + 1 });
    this.report.error('ATL4001', `unknown type ${JSON.stringify(text)}`, cursor.valueLoc, this.#meant(text, around));
    return undefined;
  }

  #meant(text: string, { namespace }: Around): string {
    const foreign = Object.hasOwn(FOREIGN, text) ? FOREIGN[text] : undefined;
    if (foreign !== undefined) return `write ${foreign}`;
    const known = [...PRIMITIVES, ...COMPLEX, ...this.places.keys(), ...this.#named.keys()];
    const same = known.find((name) => name.endsWith(`.${text}`));
    if (same !== undefined) return `write ${JSON.stringify(same)}`;
    const short = known.filter((name) => namespace !== '' && namespaceOf(name) === namespace).map(shortName);
    return didYouMean(text, [...known, ...short]) ?? 'define it in a file below avro/, or where it is first used';
  }

  #object(cursor: Cursor, around: Around): AvroType | undefined {
    const type = cursor.get('type');
    const name = type?.string();
    if (!type || name === undefined) {
      const message = type ? 'the type of a schema is a name' : 'a schema without a type';
      this.report.error(
        'ATL4002',
        message,
        type?.valueLoc ?? cursor.valueLoc,
        type ? 'put the inner schema in the place of this object' : 'add "type"',
      );
      return undefined;
    }
    switch (name) {
      case 'record':
        return recordOf(cursor, around, this);
      case 'enum':
        return enumOf(cursor, around, this);
      case 'fixed':
        return fixedOf(cursor, around, this);
      case 'array':
      case 'map':
        return this.#container(cursor, name, around);
      default:
        return PRIMITIVES.has(name) ? this.#primitive(cursor, primitive(name)) : this.#byName(name, type, around);
    }
  }

  #primitive(cursor: Cursor, kind: AvroPrimitiveName): AvroType {
    const logical = logicalOf(cursor, kind, undefined, this.report);
    return { kind, ...(logical ? { logical } : {}) };
  }

  #container(cursor: Cursor, kind: 'array' | 'map', around: Around): AvroType | undefined {
    const member = kind === 'array' ? 'items' : 'values';
    const inner = cursor.get(member);
    if (!inner) {
      this.report.error(
        'ATL4002',
        `${kind} without ${member}`,
        cursor.get('type')?.valueLoc ?? cursor.loc,
        `add "${member}"`,
      );
      return undefined;
    }
    const type = this.read(inner, { ...around, depth: around.depth + 1 });
    if (!type) return undefined;
    return kind === 'array' ? { kind, items: type } : { kind, values: type };
  }
}

/** What other languages of types call what Avro calls otherwise. */
const FOREIGN: Readonly<Record<string, string>> = {
  integer: '"int" or "long"',
  number: '"double", or "int"',
  bool: '"boolean"',
  object: 'a record, or { "type": "map", "values": … }',
  date: '{ "type": "int", "logicalType": "date" }',
  datetime: '{ "type": "long", "logicalType": "timestamp-millis" }',
  timestamp: '{ "type": "long", "logicalType": "timestamp-millis" }',
  uuid: '{ "type": "string", "logicalType": "uuid" }',
  decimal: '{ "type": "bytes", "logicalType": "decimal", "precision": …, "scale": … }',
};

function primitive(name: string): AvroPrimitiveName {
  switch (name) {
    case 'null':
    case 'boolean':
    case 'int':
    case 'long':
    case 'float':
    case 'double':
    case 'bytes':
      return name;
    default:
      return 'string';
  }
}
