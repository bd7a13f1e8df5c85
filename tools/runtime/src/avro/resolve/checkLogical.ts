import type { Schema } from '../schema/schema.ts';
import { clash } from './resolving.ts';

/**
 * Two logical types over one base that mean differing things: milliseconds read as microseconds, or cents as tenths. The
 * specification leaves them to the implementation; read as they are, every value would be wrong in silence.
 */
export function checkLogical(writer: Schema, reader: Schema, place: string): void {
  const from = 'logical' in writer ? writer.logical : undefined;
  const to = 'logical' in reader ? reader.logical : undefined;
  if (!from || !to) return;
  if (from.name !== to.name) throw clash(place, `${from.name} was written, ${to.name} is read`);
  if (from.scale !== to.scale)
    throw clash(place, `a decimal of scale ${from.scale} was written, one of scale ${to.scale} is read`);
}
