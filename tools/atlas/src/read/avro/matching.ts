import type { AvroField, AvroLogical, AvroNamedType, AvroRecord, AvroType } from '@atlas/ir';
import { shortName } from './names.ts';

/** A type that is not the name of a type. */
export type AvroTarget = Exclude<AvroType, { readonly kind: 'ref' }>;

/** What a type is; undefined if it is a name that `named` does not have. */
export function targetOf(type: AvroType, named: ReadonlyMap<string, AvroNamedType>): AvroTarget | undefined {
  return type.kind === 'ref' ? named.get(type.name) : type;
}

/** A written field that has the name of another field of the reader does not match by alias. */
export function writtenField(writer: AvroRecord, field: AvroField, reader: AvroRecord): AvroField | undefined {
  const byName = writer.fields.find(({ name }) => name === field.name);
  const own = new Set(reader.fields.map(({ name }) => name));
  return byName ?? writer.fields.find(({ name }) => field.aliases.includes(name) && !own.has(name));
}

/** Bytes may also be read as a string, but not all of them are UTF-8, so this is left out. */
const PROMOTED: Readonly<Record<string, readonly string[]>> = {
  int: ['long', 'float', 'double'],
  long: ['float', 'double'],
  float: ['double'],
  string: ['bytes'],
};

/** 2: the same type and full name. 1: a promotion, or a match by short name or alias only. 0: no match. */
export function fits(writer: AvroTarget, reader: AvroTarget): 0 | 1 | 2 {
  if (writer.kind !== reader.kind) return PROMOTED[writer.kind]?.includes(reader.kind) === true ? 1 : 0;
  if (writer.kind === 'fixed' && reader.kind === 'fixed' && writer.size !== reader.size) return 0;
  if (!('name' in writer) || !('name' in reader) || writer.name === reader.name) return 2;
  return shortName(writer.name) === shortName(reader.name) || reader.aliases.includes(writer.name) ? 1 : 0;
}

/** The branch that a reader uses for a written type: the first exact match, else the first that fits. */
export function branchFor<Branch extends AvroTarget>(
  writer: AvroTarget,
  branches: readonly Branch[],
): Branch | undefined {
  return branches.find((branch) => fits(writer, branch) === 2) ?? branches.find((branch) => fits(writer, branch) === 1);
}

/** Why values that are read under another logical type would be wrong; undefined if they are not. */
export function logicalDifference(
  writer: AvroTarget,
  reader: AvroTarget,
): { readonly what: 'name' | 'scale' | 'precision'; readonly why: string } | undefined {
  const [from, to] = [logicalTypeOf(writer), logicalTypeOf(reader)];
  if (!from || !to) return undefined;
  if (from.name !== to.name) return { what: 'name', why: `is written as ${from.name}, but read as ${to.name}` };
  if (from.name !== 'decimal' || to.name !== 'decimal') return undefined;
  if (from.scale !== to.scale)
    return { what: 'scale', why: `is written as a decimal of scale ${from.scale}, but read with scale ${to.scale}` };
  if (from.precision <= to.precision) return undefined;
  return { what: 'precision', why: `may have ${from.precision} digits, but is read with ${to.precision}` };
}

export function logicalTypeOf(type: AvroTarget): AvroLogical | undefined {
  return 'logical' in type ? type.logical : undefined;
}
