import type { Codec } from '../contract/message.ts';
import { AtlasError } from '../contract/atlasError.ts';
import { Misfit } from './misfit.ts';
import { Reader } from './reader.ts';
import { compileResolver } from './resolve/compileResolver.ts';
import { parseSchema } from './schema/parseSchema.ts';
import { tagOf } from './schema/schema.ts';
import { MisfitAt, writeValue } from './schema/writeValue.ts';
import { Writer } from './writer.ts';

/** What is generated for one message: its schema's text and the functions compiled from it. */
export interface CodecParts<Data> {
  readonly schema: string;
  readonly write: (w: Writer, data: Data) => void;
  readonly read: (r: Reader) => Data;
}

/** A codec out of its generated parts. Bodies are bare Avro binary. */
export function avroCodec<Data>({ schema, write, read }: CodecParts<Data>): Codec<Data> {
  const decode = (body: Uint8Array): Data => {
    const r = new Reader(body);
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
    resolver(writerSchemaText) {
      if (writerSchemaText === schema) return decode;
      const resolve = compileResolver(parseSchema(writerSchemaText), parseSchema(schema));
      return (body) => {
        const w = borrow();
        try {
          const r = new Reader(body);
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

/** One buffer serves one codec after the other; one within another (a getter that encodes) gets its own. */
let spare: Writer | undefined = new Writer();
const LARGEST_KEPT = 1024 * 1024;

function borrow(): Writer {
  const w = spare ?? new Writer();
  spare = undefined;
  w.reset();
  return w;
}

function giveBack(w: Writer): void {
  if (w.buffer.length <= LARGEST_KEPT) spare = w;
}

/** Compiled code does not know where it is; the slow way does, and names the field. */
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
  const place = path === '' ? 'the data' : path.replace(/^\./, '');
  return new AtlasError('ATLAS_AVRO_ENCODE', `${name}: ${place} ${message}`, { cause, detail: { path } });
}
