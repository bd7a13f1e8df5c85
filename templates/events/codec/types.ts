import {
  code,
  ident,
  join,
  lit,
  namedTypes,
  type AvroEnum,
  type AvroRecord,
  type AvroType,
  type Code,
  type Message,
  pascal,
} from '@atlas/ir';
import { nameOf, AvroSchema, typeNames } from './schema.ts';

/** The TypeScript type of an Avro type's values. Named types go by their name. */
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

/** A union as TypeScript has it. */
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

/** What the functions of one codec share: names, lists of symbols, and the unions found so far. */
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
