import type { Schema } from '../schema/schema.ts';
import { clash } from './resolving.ts';

/** How well a writer's type fits a reader's type, without looking inside. 0 means not at all. */
export type Fit = 0 | 1 | 2;

const PROMOTED: Readonly<Record<string, readonly string[]>> = {
  int: ['long', 'float', 'double'],
  long: ['float', 'double'],
  float: ['double'],
  string: ['bytes'],
  bytes: ['string'],
};

/**
 * Avro 1.12, "Schema Resolution": named types match by their name without namespace, or by an alias of the reader.
 * Returns 2 for the same type and full name, 1 for a promotion or for a match by short name or alias only.
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
 * The reader's branch for a writer's type: the first of those that fit best. (The specification takes the first that
 * matches. Here an exact match wins over a promotion, as in the Java implementation; otherwise the order of branches
 * would decide.)
 */
export function branchFor(writer: Schema, branches: readonly Schema[]): number {
  const exact = branches.findIndex((branch) => fits(writer, branch) === 2);
  return exact === -1 ? branches.findIndex((branch) => fits(writer, branch) === 1) : exact;
}

function short(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

/**
 * Throws if writer and reader have different logical types over the same base, such as milliseconds and microseconds,
 * or decimals of different scales. The specification leaves this to the implementation. Without the check, every value
 * would silently be wrong.
 */
export function checkLogical(writer: Schema, reader: Schema, path: string): void {
  const from = 'logical' in writer ? writer.logical : undefined;
  const to = 'logical' in reader ? reader.logical : undefined;
  if (!from || !to) return;
  if (from.name !== to.name) throw clash(path, `${from.name} was written, ${to.name} is read`);
  if (from.scale !== to.scale)
    throw clash(path, `a decimal of scale ${from.scale} was written, one of scale ${to.scale} is read`);
}
