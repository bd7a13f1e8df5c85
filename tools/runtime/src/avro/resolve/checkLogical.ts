import { AtlasError } from '../../core/atlasError.ts';
import type { Schema } from '../schema/schema.ts';

/**
 * Two logical types over one base that mean differing things: milliseconds read as microseconds, or cents as tenths. The
 * specification leaves them to the implementation; read as they are, every value would be wrong in silence.
 */
export function checkLogical(writer: Schema, reader: Schema, place: string): void {
  const from = 'logical' in writer ? writer.logical : undefined;
  const to = 'logical' in reader ? reader.logical : undefined;
  if (!from || !to) return;
  if (from.name !== to.name) throw clash(place, from.name, to.name);
  if (from.scale !== to.scale) throw clash(place, `a decimal of scale ${from.scale}`, `one of scale ${to.scale}`);
}

function clash(place: string, from: string, to: string): AtlasError {
  return new AtlasError(
    'ATLAS_AVRO_DECODE',
    `the schemas do not resolve: at ${place}, ${from} was written, ${to} is read`,
  );
}
