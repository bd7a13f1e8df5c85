import {
  childTypes,
  emptyValues,
  code,
  ident,
  join,
  lit,
  namedTypes,
  type AvroEnum,
  type AvroNamedType,
  type AvroRecord,
  type AvroType,
  type Code,
  type Message,
  pascal,
} from '@atlas/ir';
import { TAKEN } from '../../names.ts';

/** The schema of a message, with the types to which its references refer. */
export class AvroSchema {
  readonly named: ReadonlyMap<string, AvroNamedType>;
  readonly root: AvroRecord;

  constructor(root: AvroRecord) {
    this.root = root;
    this.named = new Map(namedTypes(root).map((type) => [type.name, type]));
  }

  /** The type itself, or the type to which a reference refers. */
  resolve(type: AvroType): Exclude<AvroType, { readonly kind: 'ref' }> {
    if (type.kind !== 'ref') return type;
    const found = this.named.get(type.name);
    if (!found) throw new Error(`${type.name} is not written out before it is referred to`);
    return found;
  }

  /** Whether a value of the record may contain another value of it, so that the runtime must limit the depth. */
  isRecursive(record: AvroRecord): boolean {
    const seen = new Set<string>();
    const reaches = (type: AvroType): boolean =>
      childTypes(this.resolve(type)).some((child) => {
        const target = this.resolve(child);
        if (target === record) return true;
        if (target.kind === 'record') {
          if (seen.has(target.name)) return false;
          seen.add(target.name);
        }
        return reaches(target);
      });
    return reaches(record);
  }

  /** How many values of a record take no bytes. Zero if they are few, because then they need not be counted. */
  manyEmpties(record: AvroRecord): number {
    this.#empties ??= emptyValues(this.root);
    const values = this.#empties.get(record.name) ?? 0;
    return values > FEW_EMPTIES ? values : 0;
  }

  #empties: ReadonlyMap<string, number> | undefined;

  /** The fewest bytes of a value, which limits how many values a block can have. Zero if a value may take none. */
  minBytes(type: AvroType): number {
    this.#minBytes ??= this.#fewestBytes();
    return this.#sized(type, this.#minBytes);
  }

  /** The fewest bytes of each record by its full name. */
  #minBytes: ReadonlyMap<string, number> | undefined;

  /** Records may contain each other, so their sizes are computed again until none changes, at most once per record. */
  #fewestBytes(): ReadonlyMap<string, number> {
    const records = [...this.named.values()].filter((type) => type.kind === 'record');
    const known = new Map<string, number>();
    for (let changed = true; changed;) {
      changed = false;
      for (const { name, fields } of records) {
        const bytes = fields.reduce((sum, field) => Math.min(MAX_BYTES, sum + this.#sized(field.type, known)), 0);
        if (bytes >= (known.get(name) ?? MAX_BYTES)) continue;
        known.set(name, bytes);
        changed = true;
      }
    }
    return known;
  }

  #sized(type: AvroType, records: ReadonlyMap<string, number>): number {
    const target = this.resolve(type);
    switch (target.kind) {
      case 'null':
        return 0;
      case 'float':
        return 4;
      case 'double':
        return 8;
      case 'fixed':
        return target.size;
      case 'record':
        return records.get(target.name) ?? MAX_BYTES;
      case 'union':
        return 1 + Math.min(...target.branches.map((branch) => this.#sized(branch, records)));
      default:
        return target.kind === 'string' && target.logical?.name === 'uuid' ? 37 : 1;
    }
  }
}

/** The resolver of the runtime has the same number. */
const FEW_EMPTIES = 16;

/** The largest size; larger ones are not distinguished. A record that contains itself endlessly also has it. */
const MAX_BYTES = 2 ** 31 - 1;

/**
 * Words in lower case that have another meaning in TypeScript in place of a type or an import. Avro's names may be any
 * of them.
 */
const LANGUAGE_WORDS = (
  'any bigint boolean never null number object string symbol undefined unknown abstract accessor as asserts async await ' +
  'declare from get global infer intrinsic is keyof module namespace of out override readonly require satisfies set type ' +
  'unique using'
).split(' ');

/** The values that a codec's file imports, in addition to types. */
const CODEC_IMPORTS = ['avroCodec', 'isList'];

/** Functions and constants that a codec's file declares for each of its types: `readSeat`, `kindSymbols`. */
const CODEC_DECLARATION = /^(?:read|write)[A-Z_]|^[a-z_].*Symbols$/;

/**
 * TypeScript names of a message's records and enums, by full Avro name. The root has the name of the message. Each
 * other type has its own short name, with the last part of its namespace as a prefix if the short name is taken. Names
 * must differ in more than case, because functions are named after types.
 */
export function typeNames({ name, avro }: Pick<Message, 'name' | 'avro'>): ReadonlyMap<string, string> {
  const taken = [...TAKEN.messageTypes, ...TAKEN.messageConsts, ...LANGUAGE_WORDS, ...CODEC_IMPORTS];
  const used = new Set([name, `${name}Event`, ...taken].map((word) => word.toLowerCase()));
  const names = new Map([[avro.name, name]]);
  for (const type of namedTypes(avro)) {
    if (names.has(type.name) || type.kind === 'fixed') continue;
    const free = freeName(type, used);
    used.add(free.toLowerCase());
    names.set(type.name, free);
  }
  return names;
}

function freeName({ name }: AvroNamedType, used: ReadonlySet<string>): string {
  const parts = name.split('.');
  const short = parts.at(-1) ?? name;
  const long = pascal(parts.at(-2) ?? 'Avro') + pascal(short);
  const free = (candidate: string): boolean => !used.has(candidate.toLowerCase()) && !CODEC_DECLARATION.test(candidate);
  if (free(short)) return short;
  if (free(long)) return long;
  for (let count = 2; ; count++) if (free(`${long}${count}`)) return `${long}${count}`;
}

/** The TypeScript name of a record, of an enum, or of a reference to one. */
export function nameOf(names: ReadonlyMap<string, string>, type: Extract<AvroType, { readonly name: string }>): string {
  const name = names.get(type.name);
  if (name === undefined) throw new Error(`${type.name} is not a type of this message`);
  return name;
}

/** The TypeScript type of an Avro type's values. Named types are printed as their name. */
export function typeOf(type: AvroType, schema: AvroSchema, names: ReadonlyMap<string, string>): Code {
  const target = schema.resolve(type);
  switch (target.kind) {
    case 'null':
      return code`null`;
    case 'boolean':
      return code`boolean`;
    case 'int':
      return target.logical?.name === 'date' ? code`string` : code`number`;
    case 'float':
    case 'double':
      return code`number`;
    case 'long':
      return target.logical?.name === 'timestamp-millis' ? code`Date` : code`bigint`;
    case 'string':
      return code`string`;
    case 'bytes':
    case 'fixed':
      return target.logical ? code`string` : code`Uint8Array`;
    case 'record':
    case 'enum':
      return ident(nameOf(names, target));
    case 'array':
      return code`readonly ${grouped(target.items, schema, typeOf(target.items, schema, names))}[]`;
    case 'map':
      return code`Readonly<Record<string, ${typeOf(target.values, schema, names)}>>`;
    case 'union': {
      const { branches, tagged } = unionType(schema, target.branches);
      const ordered = branches.toSorted((left, right) => Number(left.kind === 'null') - Number(right.kind === 'null'));
      const members = ordered.map(({ type: branch, kind, tag }) => {
        const plain = typeOf(branch, schema, names);
        return tagged && kind !== 'null' ? code`{ readonly type: ${lit(tag)}; readonly value: ${plain} }` : plain;
      });
      return join(members, ' | ');
    }
  }
}

/** Unions and `readonly` lists need parentheses before `[]`. */
function grouped(type: AvroType, schema: AvroSchema, printed: Code): Code {
  const { kind } = schema.resolve(type);
  return kind === 'union' || kind === 'array' ? code`(${printed})` : printed;
}

/** How the types of values differ at run time. */
type RunTimeKind = 'null' | 'boolean' | 'number' | 'bigint' | 'string' | 'Date' | 'bytes' | 'list' | 'object';

function runTimeKind(schema: AvroSchema, type: AvroType): RunTimeKind {
  const target = schema.resolve(type);
  switch (target.kind) {
    case 'null':
    case 'boolean':
      return target.kind;
    case 'int':
      return target.logical?.name === 'date' ? 'string' : 'number';
    case 'float':
    case 'double':
      return 'number';
    case 'long':
      return target.logical?.name === 'timestamp-millis' ? 'Date' : 'bigint';
    case 'string':
    case 'enum':
      return 'string';
    case 'bytes':
    case 'fixed':
      return target.logical ? 'string' : 'bytes';
    case 'array':
      return 'list';
    case 'record':
    case 'map':
      return 'object';
    case 'union':
      throw new Error('a union directly in a union');
  }
}

export interface Branch {
  readonly index: number;
  readonly type: AvroType;
  readonly kind: RunTimeKind;
  /** The branch's name in Avro's JSON encoding: the full name, or the type's. */
  readonly tag: string;
}

export interface UnionType {
  readonly branches: readonly Branch[];
  /** True if two branches other than null look alike at run time. All but null are then `{type, value}`. */
  readonly tagged: boolean;
}

/** A union as a TypeScript type. */
export function unionType(schema: AvroSchema, branches: readonly AvroType[]): UnionType {
  const list = branches.map((type, index): Branch => {
    const target = schema.resolve(type);
    return { index, type, kind: runTimeKind(schema, type), tag: 'name' in target ? target.name : target.kind };
  });
  return { branches: list, tagged: new Set(list.map(({ kind }) => kind)).size < list.length };
}

/** A union of null and one other type, by far the most frequent one. It needs no function of its own. */
export function nullable(
  type: AvroType,
  schema: AvroSchema,
): { readonly type: AvroType; readonly nullIndex: number } | undefined {
  if (type.kind !== 'union' || type.branches.length !== 2) return undefined;
  const nullIndex = type.branches.findIndex((branch) => schema.resolve(branch).kind === 'null');
  const other = type.branches[1 - nullIndex];
  return nullIndex === -1 || !other ? undefined : { type: other, nullIndex };
}

/** The parts that the functions of one codec share: names, lists of symbols, and the unions found so far. */
export class CodecParts {
  readonly schema: AvroSchema;
  readonly names: ReadonlyMap<string, string>;
  /** Unions that need functions of their own, in the order of their first use. Printing these may add more. */
  readonly unions: { readonly name: string; readonly type: Code; readonly union: UnionType }[] = [];
  readonly #unionNames = new Map<AvroType, string>();
  readonly #used: Set<string>;

  constructor(message: Pick<Message, 'name' | 'avro'>) {
    this.schema = new AvroSchema(message.avro);
    this.names = typeNames(message);
    this.#used = new Set([...this.names.values()].map((name) => name.toLowerCase()));
  }

  writeFunction(record: AvroRecord): Code {
    return ident(`write${pascal(nameOf(this.names, record))}`);
  }

  readFunction(record: AvroRecord): Code {
    return ident(`read${pascal(nameOf(this.names, record))}`);
  }

  symbolsOf(type: AvroEnum): Code {
    const name = nameOf(this.names, type);
    return ident(`${name.slice(0, 1).toLowerCase()}${name.slice(1)}Symbols`);
  }

  /** The symbols of each enum, in the order of their numbers on the wire. */
  symbols(): readonly Code[] {
    return namedTypes(this.schema.root).flatMap((type) =>
      type.kind === 'enum'
        ? [
            code`const ${this.symbolsOf(type)} = [${join(
              type.symbols.map((symbol) => lit(symbol)),
              ', ',
            )}] as const;`,
          ]
        : [],
    );
  }

  type(type: AvroType): Code {
    return typeOf(type, this.schema, this.names);
  }

  /** The name in `write<name>` and `read<name>`, the functions of a union of more than null and one type. */
  union(type: Extract<AvroType, { readonly kind: 'union' }>, path: readonly string[]): string {
    const known = this.#unionNames.get(type);
    if (known !== undefined) return known;
    const plain = path.map(pascal).join('');
    let name = plain;
    for (let count = 2; this.#used.has(name.toLowerCase()); count++) name = `${plain}${count}`;
    this.#used.add(name.toLowerCase());
    this.#unionNames.set(type, name);
    this.unions.push({ name, type: this.type(type), union: unionType(this.schema, type.branches) });
    return name;
  }
}
