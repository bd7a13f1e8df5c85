import { AtlasError } from '../../contract/atlasError.ts';
import { limits } from '../limits.ts';
import { type EnumSchema, type PrimitiveSchema, type Schema, type UnionSchema, tagOf } from '../schema/schema.ts';
import { checkLogical, branchFor, fits } from './matches.ts';
import { recordResolver } from './recordResolver.ts';
import { clash, type Resolve, type Resolving } from './resolving.ts';
import { minBytes } from './skip.ts';

/**
 * Avro 1.12, "Schema Resolution", once per pair of schemas: data of another version is brought to the bytes that the
 * reader's own schema would have, and the compiled codec decodes those. So values look alike whoever wrote them. Throws
 * `AtlasError` ATLAS_AVRO_DECODE where the schemas do not resolve; where only some data does not (a branch, a symbol),
 * such data does.
 */
export function compileResolver(writer: Schema, reader: Schema): Resolve {
  return new Resolver().resolve(writer, reader, tagOf(reader));
}

interface Entry {
  resolve: Resolve;
  /** Why the pair does not resolve. */
  failure?: AtlasError;
}

class Resolver implements Resolving {
  /** Pairs that are being compiled or are: schemas may be circular. */
  readonly #known = new Map<Schema, Map<Schema, Entry>>();

  resolve(writer: Schema, reader: Schema, place: string): Resolve {
    const known = this.#known.get(writer)?.get(reader);
    if (known?.failure) throw known.failure;
    if (known) return (r, w) => known.resolve(r, w);
    const entry: Entry = { resolve: unfinished };
    const row = this.#known.get(writer) ?? new Map<Schema, Entry>();
    this.#known.set(writer, row);
    row.set(reader, entry);
    try {
      entry.resolve = this.#compile(writer, reader, place);
    } catch (error) {
      if (!(error instanceof AtlasError)) throw error;
      entry.failure = error;
      entry.resolve = failing(error);
      throw error;
    }
    return entry.resolve;
  }

  #compile(writer: Schema, reader: Schema, place: string): Resolve {
    if (writer.type === 'union') return this.#writtenUnion(writer, reader, place);
    if (reader.type === 'union') return this.#readUnion(writer, reader, place);
    if (fits(writer, reader) === 0) throw clash(place, `${tagOf(writer)} was written, ${tagOf(reader)} is read`);
    checkLogical(writer, reader, place);
    switch (writer.type) {
      case 'record':
        return reader.type === 'record' ? recordResolver(writer, reader, place, this) : unfinished;
      case 'enum':
        return reader.type === 'enum' ? enumResolver(writer, reader, place) : unfinished;
      case 'array': {
        if (reader.type !== 'array') return unfinished;
        return blocks(minBytes(writer.items), this.resolve(writer.items, reader.items, `${place}[]`));
      }
      case 'map': {
        if (reader.type !== 'map') return unfinished;
        const value = this.resolve(writer.values, reader.values, `${place}{}`);
        return blocks(1 + minBytes(writer.values), (r, w) => {
          text(r, w);
          value(r, w);
        });
      }
      case 'fixed': {
        const { size } = writer;
        return (r, w) => w.raw(r.buffer.subarray(r.take(size), r.pos));
      }
      default:
        return promotion(writer, reader);
    }
  }

  /** The branch is known only when data comes; one that does not resolve is an error of such data. */
  #writtenUnion({ branches }: UnionSchema, reader: Schema, place: string): Resolve {
    const each = branches.map((branch): Resolve => {
      try {
        return this.resolve(branch, reader, place);
      } catch (error) {
        if (!(error instanceof AtlasError)) throw error;
        return failing(error);
      }
    });
    return (r, w) => each[r.branch(each.length)]?.(r, w);
  }

  #readUnion(writer: Schema, { branches }: UnionSchema, place: string): Resolve {
    const index = branchFor(writer, branches);
    const branch = branches[index];
    if (!branch) throw clash(place, `${tagOf(writer)} was written, none of ${branches.map(tagOf).join(', ')}`);
    const inner = this.resolve(writer, branch, place);
    return (r, w) => {
      w.branch(index);
      inner(r, w);
    };
  }
}

function failing(error: AtlasError): Resolve {
  return () => {
    throw error;
  };
}

/** Stands where types were found not to fit before; it is never called. */
const unfinished: Resolve = () => {
  throw new Error('resolved before it was compiled');
};

function blocks(least: number, item: Resolve): Resolve {
  return (r, w) => {
    for (let count = r.block(least); count > 0; count = r.block(least)) {
      w.longNumber(count);
      for (; count > 0; count--) {
        item(r, w);
        if (w.pos > limits.resolvedBytes) r.fail(`more than ${limits.resolvedBytes} bytes after resolution`);
      }
    }
    w.int(0);
  };
}

function enumResolver(writer: EnumSchema, reader: EnumSchema, place: string): Resolve {
  const numbers = writer.symbols.map((symbol) => {
    const own = reader.symbols.indexOf(symbol);
    return own === -1 && reader.default !== undefined ? reader.symbols.indexOf(reader.default) : own;
  });
  return (r, w) => {
    const number = numbers[r.int()];
    if (number === undefined) return r.fail(`a symbol's number beyond ${numbers.length - 1}`);
    if (number === -1) throw clash(place, 'a symbol was written that the reader does not know, and it has no default');
    w.int(number);
  };
}

const text: Resolve = (r, w) => {
  const size = r.longNumber();
  const start = r.take(size);
  w.longNumber(size);
  w.raw(r.buffer.subarray(start, r.pos));
};

/** Primitives: the same type, or one of the promotions that `fits` allowed. */
function promotion(writer: PrimitiveSchema, { type: to }: Schema): Resolve {
  switch (writer.type) {
    case 'null':
      return () => {};
    case 'boolean':
      return (r, w) => w.boolean(r.boolean());
    case 'int':
      if (to === 'float') return (r, w) => w.float(r.int());
      return to === 'double' ? (r, w) => w.double(r.int()) : (r, w) => w.int(r.int());
    case 'long':
      if (to === 'float') return (r, w) => w.float(Number(r.long()));
      return to === 'double' ? (r, w) => w.double(Number(r.long())) : (r, w) => w.long(r.long());
    case 'float':
      return to === 'double' ? (r, w) => w.double(r.float()) : (r, w) => w.raw(r.buffer.subarray(r.take(4), r.pos));
    case 'double':
      return (r, w) => w.raw(r.buffer.subarray(r.take(8), r.pos));
    case 'bytes':
    case 'string':
      return text;
  }
}
