import { AtlasError } from '../../contract/atlasError.ts';
import type { Reader } from '../reader.ts';
import type { Schema } from '../schema/schema.ts';
import type { Writer } from '../writer.ts';

/** Copies one value, written with the writer's schema, as the reader's schema would have written it. */
export type Resolve = (r: Reader, w: Writer) => void;

/** Compiles pairs of schemas; `place` is the reader's field, for errors. */
export interface Resolving {
  resolve(writer: Schema, reader: Schema, place: string): Resolve;
}

export function clash(place: string, problem: string): AtlasError {
  return new AtlasError('ATLAS_AVRO_DECODE', `the schemas do not resolve: at ${place}, ${problem}`);
}
