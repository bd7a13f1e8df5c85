import { namedTypes, type AvroType, type Loc } from '@atlas/ir';
import { targetOf } from '../../read/avro/matching.ts';
import { resolvability, type Place, type Unreadable } from '../../read/avro/resolvability.ts';
import { shownData, type Witness } from '../finding.ts';
import { datumAlong } from './datum.ts';
import type { Reading } from '../../read/avro/levels.ts';
import { reads } from './readDatum.ts';
import type { AvroBreak } from './rule.ts';
import { avroRuleOf } from './rules/index.ts';

/** A schema of one version, and its place. */
export interface AvroSide {
  readonly type: AvroType;
  readonly loc: Loc;
  /** A place as the report shows it. */
  show(loc: Loc): Loc;
}

/** Compares two versions of a schema: one finding per change and path for the given readings. */
export function compareAvro(old: AvroSide, next: AvroSide, readings: readonly Reading[]): readonly AvroBreak[] {
  const found = readings.flatMap((reading) => inOneReading(old, next, reading));
  const groups = Map.groupBy(found, ({ kind, path }) => `${kind} ${path}`);
  return [...groups.values()].map((group) => {
    const whole = together(group);
    return { ...whole, old: old.show(whole.old), new: next.show(whole.new) };
  });
}

function inOneReading(old: AvroSide, next: AvroSide, reading: Reading): readonly AvroBreak[] {
  const [writer, reader] = reading === 'backward' ? [old, next] : [next, old];
  const unreadable = resolvability(writer.type, reader.type, { writer: writer.loc, reader: reader.loc });
  const groups = [...Map.groupBy(unreadable, ({ kind, path }) => `${kind} ${path}`).values()];
  const breaks = groups.slice(0, MOST_BREAKS).flatMap((group) => {
    const [first] = group;
    return first ? [breakOf(first, group, writer.type, reader.type, reading)] : [];
  });
  const left = groups.slice(MOST_BREAKS);
  const last = breaks.at(-1);
  if (!last || left.length === 0) return breaks;
  const registryAccepts = last.registryAccepts && left.flat().every((one) => one.registryAccepts);
  return breaks.with(breaks.length - 1, {
    ...last,
    registryAccepts,
    message: `${last.message}; and ${left.length} more places break`,
  });
}

/** At most so many breaks of two schemas are reported. The last one says how many more there are. */
const MOST_BREAKS = 100;

/** A message gives at most so many reasons of one break, and counts the others. */
const MOST_REASONS = 3;

function breakOf(
  { kind, path, field, place }: Unreadable,
  group: readonly Unreadable[],
  writer: AvroType,
  reader: AvroType,
  reading: Reading,
): AvroBreak {
  const whys = [...new Set(group.map(({ why }) => why))];
  const more = whys.length - MOST_REASONS;
  const why = `${whys.slice(0, MOST_REASONS).join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
  const registryAccepts = group.every((one) => one.registryAccepts);
  const witness = group.map((one) => witnessOf(one, writer, reader, reading)).find((one) => one !== undefined);
  return {
    kind,
    change: avroRuleOf[kind].id,
    message: `${who(reading)}: ${path} ${why}${registryAccepts ? ' (a registry accepts this)' : ''}`,
    path,
    field,
    ...sides(place, reading),
    readings: [reading],
    ...(witness ? { witness } : {}),
    registryAccepts,
  };
}

function who(reading: Reading): string {
  return reading === 'backward'
    ? 'readers with the new schema cannot read old data'
    : 'readers with the old schema cannot read new data';
}

function sides({ writer, reader }: Place, reading: Reading): { readonly old: Loc; readonly new: Loc } {
  return reading === 'backward' ? { old: writer, new: reader } : { old: reader, new: writer };
}

function together(breaks: readonly AvroBreak[]): AvroBreak {
  const [first, second] = breaks;
  if (!first) throw new Error('a group is never empty');
  if (!second) return first;
  const message = first.message.replace(who('backward'), 'neither schema reads the data of the other');
  const registryAccepts = breaks.every((one) => one.registryAccepts);
  const witness = first.witness ?? second.witness;
  const readings = breaks.flatMap((one) => one.readings);
  return { ...first, message, readings, registryAccepts, ...(witness ? { witness } : {}) };
}

/** Data that fits the writer's schema and that the reader refuses or reads wrongly, as a walk over the data decides. */
function witnessOf(found: Unreadable, writer: AvroType, reader: AvroType, reading: Reading): Witness | undefined {
  const named = new Map(namedTypes(writer).map((type) => [type.name, type]));
  const rule = avroRuleOf[found.kind];
  const datum = datumAlong(writer, found.way, (spot) => {
    const type = targetOf(spot, named);
    return type && rule.attack?.(type, found);
  });
  if (!datum || reads(writer, reader, datum.value)) return undefined;
  const { value } = datum;
  return { acceptedBy: reading === 'backward' ? 'old' : 'new', value, at: datum.at, shown: shownData(value) };
}
