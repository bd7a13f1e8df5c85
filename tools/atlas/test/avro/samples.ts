import fc, { type GeneratorValue } from 'fast-check';
import { namedTypes, type AvroLogical, type AvroRecord, type AvroType } from '@atlas/ir';

/** One value twice: for Atlas, and for avsc, which ignores logical types and wraps all branches. */
export interface Sample {
  readonly ours: unknown;
  readonly theirs: unknown;
}

const DAY = 86_400_000;
const longs = (): fc.Arbitrary<bigint> =>
  fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.bigInt({ min: -5000n, max: 5000n }));
const texts = (): fc.Arbitrary<string> =>
  fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ maxLength: 200 }),
    fc.string({ unit: 'grapheme', minLength: 15, maxLength: 90 }),
    fc.constant('\ufffd'),
  );

/** Makes values of a record. */
export class Samples {
  readonly #gen: GeneratorValue;
  readonly #named = new Map<string, AvroType>();
  readonly #root: AvroRecord;

  constructor(gen: GeneratorValue, root: AvroRecord) {
    this.#gen = gen;
    this.#root = root;
    for (const type of namedTypes(root)) this.#named.set(type.name, type);
  }

  next(): Sample {
    return this.#value(this.#root, 0);
  }

  #value(type: AvroType, depth: number): Sample {
    switch (type.kind) {
      case 'ref':
        return this.#value(this.#named.get(type.name) ?? type, depth);
      case 'null':
        return same(null);
      case 'boolean':
        return same(this.#gen(fc.boolean));
      case 'int':
        return type.logical?.name === 'date' ? this.#date() : same(this.#gen(fc.integer));
      case 'long':
        if (type.logical?.name === 'timestamp-millis') return this.#instant();
        return same(this.#gen(longs));
      case 'float':
        return same(this.#gen(fc.float, { noNaN: true }));
      case 'double':
        return same(this.#gen(fc.double, { noNaN: true }));
      case 'string':
        return same(type.logical ? this.#gen(fc.uuid) : this.#text());
      case 'bytes':
        return type.logical?.name === 'decimal'
          ? this.#decimal(type.logical, undefined)
          : this.#bytes(this.#gen(fc.uint8Array));
      case 'fixed':
        if (type.logical?.name === 'decimal') return this.#decimal(type.logical, type.size);
        if (type.logical) {
          const uuid = this.#gen(fc.uuid);
          return { ours: uuid, theirs: Buffer.from(uuid.replaceAll('-', ''), 'hex') };
        }
        return this.#bytes(this.#gen(fc.uint8Array, { minLength: type.size, maxLength: type.size }));
      case 'enum':
        return same(type.symbols[this.#gen(fc.nat, { max: type.symbols.length - 1 })]);
      case 'array': {
        const items = Array.from({ length: this.#length(depth) }, () => this.#value(type.items, depth + 1));
        return { ours: items.map(({ ours }) => ours), theirs: items.map(({ theirs }) => theirs) };
      }
      case 'map': {
        const keys = [...new Set(Array.from({ length: this.#length(depth) }, () => this.#text()))].filter(
          (key) => key !== '__proto__',
        );
        const entries = keys.map((key) => [key, this.#value(type.values, depth + 1)] as const);
        return {
          ours: Object.fromEntries(entries.map(([key, { ours }]) => [key, ours])),
          theirs: Object.fromEntries(entries.map(([key, { theirs }]) => [key, theirs])),
        };
      }
      case 'record': {
        const fields = type.fields.map((field) => [field.name, this.#value(field.type, depth + 1)] as const);
        return {
          ours: Object.fromEntries(fields.map(([name, { ours }]) => [name, ours])),
          theirs: Object.fromEntries(fields.map(([name, { theirs }]) => [name, theirs])),
        };
      }
      case 'union':
        return this.#branch(type.branches, depth);
    }
  }

  #branch(branches: readonly AvroType[], depth: number): Sample {
    const kinds = branches.map((branch) => kindOf(this.#target(branch)));
    const tagged = new Set(kinds).size < kinds.length;
    const nullAt = kinds.indexOf('null');
    // Recursion ends with null, so that branch is taken deep down.
    const index = nullAt !== -1 && depth > 6 ? nullAt : this.#gen(fc.nat, { max: branches.length - 1 });
    const branch = this.#target(branches[index] ?? { kind: 'null' });
    const { ours, theirs } = this.#value(branch, depth + 1);
    if (branch.kind === 'null') return same(null);
    const tag = 'name' in branch ? branch.name : branch.kind;
    return { ours: tagged ? { type: tag, value: ours } : ours, theirs: { [tag]: theirs } };
  }

  #target(type: AvroType): AvroType {
    return type.kind === 'ref' ? (this.#named.get(type.name) ?? type) : type;
  }

  #length(depth: number): number {
    return depth > 5 ? 0 : this.#gen(fc.nat, { max: 3 });
  }

  #text(): string {
    return this.#gen(texts);
  }

  #date(): Sample {
    const days = this.#gen(fc.integer, { min: -1e8, max: 1e8 });
    return { ours: new Date(days * DAY).toISOString().slice(0, -14), theirs: days };
  }

  #instant(): Sample {
    const millis = this.#gen(fc.integer, { min: -8.64e15, max: 8.64e15 });
    return { ours: new Date(millis), theirs: BigInt(millis) };
  }

  #bytes(bytes: Uint8Array): Sample {
    return { ours: bytes, theirs: Buffer.from(bytes) };
  }

  #decimal({ precision, scale }: Extract<AvroLogical, { name: 'decimal' }>, size: number | undefined): Sample {
    const most = 10n ** BigInt(precision) - 1n;
    const number = this.#gen(fc.bigInt, { min: -most, max: most });
    const digits = (number < 0n ? -number : number).toString().padStart(scale + 1, '0');
    const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
    return { ours: number < 0n ? `-${text}` : text, theirs: twosComplement(number, size) };
  }
}

function same(value: unknown): Sample {
  return { ours: value, theirs: value };
}

/** By the definition: the fewest bytes that can express the number with its sign. */
function twosComplement(number: bigint, size: number | undefined): Buffer {
  let least = 1;
  while (BigInt.asIntN(least * 8, number) !== number) least++;
  const bytes = size ?? least;
  return Buffer.from(
    Array.from({ length: bytes }, (_, index) => Number((number >> BigInt(8 * (bytes - 1 - index))) & 0xffn)),
  );
}

/** The kind of the TypeScript value, from the table of the documentation and not from the generator. */
function kindOf(type: AvroType): string {
  const logical = 'logical' in type ? type.logical?.name : undefined;
  const kinds: Readonly<Record<string, string>> = {
    int: logical === 'date' ? 'text' : 'number',
    float: 'number',
    double: 'number',
    long: logical === 'timestamp-millis' ? 'Date' : 'bigint',
    string: 'text',
    enum: 'text',
    bytes: logical === undefined ? 'bytes' : 'text',
    fixed: logical === undefined ? 'bytes' : 'text',
    record: 'object',
    map: 'object',
  };
  return kinds[type.kind] ?? type.kind;
}
