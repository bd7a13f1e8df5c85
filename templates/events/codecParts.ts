import {
  code,
  ident,
  join,
  lit,
  type AvroEnum,
  type AvroRecord,
  type AvroType,
  type Code,
  type Message,
} from '@atlas/ir';
import { namedTypes, Shape } from './avroShape.ts';
import { pascal } from '../names.ts';
import { nameOf, typeNames } from './names.ts';
import { typeOf } from './typeOf.ts';
import { unionShape, type UnionShape } from './unions.ts';

/** What the functions of one codec share: names, symbol lists, and the unions that were met. */
export class CodecParts {
  readonly shape: Shape;
  readonly names: ReadonlyMap<string, string>;
  /** Unions that want functions of their own, in the order of their first use; making those may add more. */
  readonly unions: { readonly name: string; readonly type: Code; readonly shape: UnionShape }[] = [];
  readonly #unionNames = new Map<AvroType, string>();
  readonly #used: Set<string>;

  constructor(message: Message) {
    this.shape = new Shape(message.avro);
    this.names = typeNames(message);
    this.#used = new Set([...this.names.values()].map((name) => name.toLowerCase()));
  }

  writer(record: AvroRecord): Code {
    return ident(`write${pascal(nameOf(this.names, record))}`);
  }

  reader(record: AvroRecord): Code {
    return ident(`read${pascal(nameOf(this.names, record))}`);
  }

  symbolsOf(type: AvroEnum): Code {
    const name = nameOf(this.names, type);
    return ident(`${name.slice(0, 1).toLowerCase()}${name.slice(1)}Symbols`);
  }

  /** The symbols of each enum, in the order that their numbers have on the wire. */
  symbols(): readonly Code[] {
    return namedTypes(this.shape.root).flatMap((type) =>
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
    return typeOf(type, this.shape, this.names);
  }

  /** The functions `write<name>` and `read<name>` of a union of more than null and one type. */
  union(type: Extract<AvroType, { readonly kind: 'union' }>, place: readonly string[]): string {
    const known = this.#unionNames.get(type);
    if (known !== undefined) return known;
    const plain = place.map(pascal).join('');
    let name = plain;
    for (let count = 2; this.#used.has(name.toLowerCase()); count++) name = `${plain}${count}`;
    this.#used.add(name.toLowerCase());
    this.#unionNames.set(type, name);
    this.unions.push({ name, type: this.type(type), shape: unionShape(this.shape, type.branches) });
    return name;
  }
}
