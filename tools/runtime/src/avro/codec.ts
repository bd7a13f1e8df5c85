import type { Codec } from '../contract/message.ts';
import { AtlasError } from '../contract/atlasError.ts';
import { Misfit } from './misfit.ts';
import { ByteReader } from './reader.ts';
import { compileResolver } from './resolve/compileResolver.ts';
import { parseSchema } from './schema/parseSchema.ts';
import { tagOf } from './schema/schema.ts';
import { MisfitAt, writeValue } from './schema/writeValue.ts';
import { Writer } from './writer.ts';

/** The generated parts of a message's codec: the text of its schema, and the functions that were compiled from it. */
export interface CodecParts<Data> {
  readonly schema: string;
  readonly write: (w: Writer, data: Data) => void;
  readonly read: (r: ByteReader) => Data;
}

/** Makes a codec from its generated parts. Bodies are Avro binary without a frame. */
export function avroCodec<Data>({ schema, write, read }: CodecParts<Data>): Codec<Data> {
  const decode = (body: Uint8Array): Data => {
    const r = new ByteReader(body);
    const data = read(r);
    r.close();
    return data;
  };
  return {
    encode(data) {
      const w = borrow();
      try {
        write(w, data);
        return w.copy();
      } catch (error) {
        throw explained(schema, data, error);
      } finally {
        giveBack(w);
      }
    },
    decode,
    resolver(writerSchemaText, references) {
      if (writerSchemaText === schema) return decode;
      const resolve = compileResolver(parseSchema(writerSchemaText, references), parseSchema(schema));
      return (body) => {
        const w = borrow();
        try {
          const r = new ByteReader(body);
          resolve(r, w);
          r.close();
          return decode(w.buffer.subarray(0, w.pos));
        } finally {
          giveBack(w);
        }
      };
    },
  };
}

/**
 * True for a list. `Extract` keeps records out: a list has all properties of a record without fields, so a plain
 * predicate would turn that branch of a union into a list of unknown items.
 */
export function isList<Value>(value: Value): value is Extract<Value, readonly unknown[]> {
  return Array.isArray(value);
}

/**
 * All codecs share one buffer. An encoding that starts during another one (because a getter encodes) gets its own.
 */
let spare: Writer | undefined = new Writer();
const MAX_KEPT_BYTES = 1024 * 1024;

function borrow(): Writer {
  const w = spare ?? new Writer();
  spare = undefined;
  w.reset();
  return w;
}

function giveBack(w: Writer): void {
  if (w.buffer.length <= MAX_KEPT_BYTES) spare = w;
}

/**
 * Compiled code does not know which field failed. Writing the value again along its schema is slow, but finds the
 * field.
 */
function explained(schema: string, data: unknown, error: unknown): unknown {
  const root = parseSchema(schema);
  const name = tagOf(root);
  try {
    writeValue(new Writer(), root, data);
  } catch (found) {
    if (found instanceof MisfitAt) return encodeError(name, found.path, found.message, error);
    return encodeError(name, '', found instanceof Error ? found.message : String(found), error);
  }
  return error instanceof Misfit ? encodeError(name, '', error.message, error) : error;
}

function encodeError(name: string, path: string, message: string, cause: unknown): AtlasError {
  const field = path === '' ? 'the data' : path.replace(/^\./, '');
  return new AtlasError('ATLAS_AVRO_ENCODE', `${name}: ${field} ${message}`, { cause, detail: { path } });
}
