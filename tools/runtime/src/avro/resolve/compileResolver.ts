import { AtlasError } from '../../contract/atlasError.ts';
import { limits } from '../limits.ts';
import { type EnumSchema, type PrimitiveSchema, type Schema, type UnionSchema, tagOf } from '../schema/schema.ts';
import { checkLogical, branchFor, fits } from './matches.ts';
import { recordResolver } from './recordResolver.ts';
import { clash, type Resolve, type Resolving } from './resolving.ts';
import { minBytes } from './skip.ts';

/**
 * Compiles the schema resolution of a pair of schemas (Avro 1.12, "Schema Resolution"). The result converts data of the
 * writer to bytes of the reader, which the compiled codec decodes, so values look the same whoever wrote them. Throws
 * `AtlasError` ATLAS_AVRO_DECODE if the schemas do not resolve. If only some data does not resolve (a branch, a
 * symbol), the error is thrown when such data comes.
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
  /** Pairs that are compiled or being compiled, because schemas may be circular. */
  readonly #known = new Map<Schema, Map<Schema, Entry>>();

  resolve(writer: Schema, reader: Schema, path: string): Resolve {
    const known = this.#known.get(writer)?.get(reader);
    if (known?.failure) throw known.failure;
    if (known) return (r, w) => known.resolve(r, w);
    const entry: Entry = { resolve: unfinished };
    const row = this.#known.get(writer) ?? new Map<Schema, Entry>();
    this.#known.set(writer, row);
    row.set(reader, entry);
    try {
      entry.resolve = this.#compile(writer, reader, path);
    } catch (error) {
      if (!(error instanceof AtlasError)) throw error;
      entry.failure = error;
      entry.resolve = failing(error);
      throw error;
    }
    return entry.resolve;
  }

  #compile(writer: Schema, reader: Schema, path: string): Resolve {
    if (writer.type === 'union') return this.#writtenUnion(writer, reader, path);
    if (reader.type === 'union') return this.#readUnion(writer, reader, path);
    if (fits(writer, reader) === 0) throw clash(path, `${tagOf(writer)} was written, ${tagOf(reader)} is read`);
    checkLogical(writer, reader, path);
    switch (writer.type) {
      case 'record':
        return reader.type === 'record' ? recordResolver(writer, reader, path, this) : unfinished;
      case 'enum':
        return reader.type === 'enum' ? enumResolver(writer, reader, path) : unfinished;
      case 'array': {
        if (reader.type !== 'array') return unfinished;
        return blocks(minBytes(writer.items), this.resolve(writer.items, reader.items, `${path}[]`));
      }
      case 'map': {
        if (reader.type !== 'map') return unfinished;
        const value = this.resolve(writer.values, reader.values, `${path}{}`);
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

  /**
   * Only the data says which branch was written, so a branch that does not resolve throws only for data that has it.
   */
  #writtenUnion({ branches }: UnionSchema, reader: Schema, path: string): Resolve {
    const each = branches.map((branch): Resolve => {
      try {
        return this.resolve(branch, reader, path);
      } catch (error) {
        if (!(error instanceof AtlasError)) throw error;
        return failing(error);
      }
    });
    return (r, w) => each[r.branch(each.length)]?.(r, w);
  }

  #readUnion(writer: Schema, { branches }: UnionSchema, path: string): Resolve {
    const index = branchFor(writer, branches);
    const branch = branches[index];
    if (!branch) throw clash(path, `${tagOf(writer)} was written, none of ${branches.map(tagOf).join(', ')}`);
    const inner = this.resolve(writer, branch, path);
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

/** Never called: types that do not fit have thrown before. */
const unfinished: Resolve = () => {
  throw new Error('resolved before it was compiled');
};

function blocks(itemBytes: number, item: Resolve): Resolve {
  return (r, w) => {
    const most = limits.resolved.bytes + limits.resolved.perByte * r.buffer.length;
    for (let count = r.block(itemBytes); count > 0; count = r.block(itemBytes)) {
      w.longNumber(count);
      for (; count > 0; count--) {
        item(r, w);
        if (w.pos > most) r.fail(`more than ${most} bytes after resolution`);
      }
    }
    w.int(0);
  };
}

function enumResolver(writer: EnumSchema, reader: EnumSchema, path: string): Resolve {
  const numbers = writer.symbols.map((symbol) => {
    const own = reader.symbols.indexOf(symbol);
    return own === -1 && reader.default !== undefined ? reader.symbols.indexOf(reader.default) : own;
  });
  return (r, w) => {
    const number = numbers[r.int()];
    if (number === undefined) return r.fail(`a symbol's number beyond ${numbers.length - 1}`);
    if (number === -1) throw clash(path, 'a symbol was written that the reader does not know, and it has no default');
    w.int(number);
  };
}

const text: Resolve = (r, w) => {
  const size = r.longNumber();
  const start = r.take(size);
  w.longNumber(size);
  w.raw(r.buffer.subarray(start, r.pos));
};

/** Resolves a primitive to the same type or by one of the promotions that `fits` allows. */
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
