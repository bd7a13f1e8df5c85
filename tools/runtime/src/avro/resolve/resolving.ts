import { AtlasError } from '../../contract/atlasError.ts';
import type { ByteReader } from '../reader.ts';
import type { Schema } from '../schema/schema.ts';
import type { Writer } from '../writer.ts';

/** Reads a value of the writer's schema and writes it in the reader's schema. */
export type Resolve = (r: ByteReader, w: Writer) => void;

/** Compiles pairs of schemas. `path` names the reader's field in errors. */
export interface Resolving {
  resolve(writer: Schema, reader: Schema, path: string): Resolve;
}

export function clash(path: string, problem: string): AtlasError {
  return new AtlasError('ATLAS_AVRO_DECODE', `the schemas do not resolve: at ${path}, ${problem}`);
}
