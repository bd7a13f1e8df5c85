import type { Schema } from '../schema/schema.ts';
import { clash } from './resolving.ts';

/** How well a writer's type suits a reader's, as far as can be seen without looking inside; 0 is not at all. */
export type Fit = 0 | 1 | 2;

const PROMOTED: Readonly<Record<string, readonly string[]>> = {
  int: ['long', 'float', 'double'],
  long: ['float', 'double'],
  float: ['double'],
  string: ['bytes'],
  bytes: ['string'],
};

/**
 * Avro 1.12, "Schema Resolution": named types match by their name without namespace, or by an alias of the reader's.
 * 2 is the same type and full name, 1 a promotion or a name that only the alias or the short name gives.
 */
export function fits(writer: Schema, reader: Schema): Fit {
  if (writer.type === 'union' || reader.type === 'union') return 0;
  if (writer.type !== reader.type) return PROMOTED[writer.type]?.includes(reader.type) ? 1 : 0;
  if (writer.type === 'fixed' && reader.type === 'fixed' && writer.size !== reader.size) return 0;
  if (!('name' in writer) || !('name' in reader)) return 2;
  if (writer.name === reader.name) return 2;
  return short(writer.name) === short(reader.name) || reader.aliases.includes(writer.name) ? 1 : 0;
}

/**
 * The reader's branch for a writer's type: of the best fit, the first. (The specification says the first that matches;
 * with Java we let the very type go before a promotion, or `int` could become `bytes`' neighbour by accident of order.)
 */
export function branchFor(writer: Schema, branches: readonly Schema[]): number {
  const exact = branches.findIndex((branch) => fits(writer, branch) === 2);
  return exact === -1 ? branches.findIndex((branch) => fits(writer, branch) === 1) : exact;
}

function short(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

/**
 * Two logical types over one base that mean differing things: milliseconds read as microseconds, or cents as tenths.
 * The specification leaves them to the implementation; read as they are, every value would be wrong in silence.
 */
export function checkLogical(writer: Schema, reader: Schema, place: string): void {
  const from = 'logical' in writer ? writer.logical : undefined;
  const to = 'logical' in reader ? reader.logical : undefined;
  if (!from || !to) return;
  if (from.name !== to.name) throw clash(place, `${from.name} was written, ${to.name} is read`);
  if (from.scale !== to.scale)
    throw clash(place, `a decimal of scale ${from.scale} was written, one of scale ${to.scale} is read`);
}
