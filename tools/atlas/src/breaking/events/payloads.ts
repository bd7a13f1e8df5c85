import { childPointer, isObject, type JsonValue } from '@atlas/ir';
import type { Dialect } from '../../jsonschema/keywords.ts';
import { avroDraft } from '../avro/avroFile.ts';
import { compareAvro, type AvroSide } from '../avro/compareAvro.ts';
import type { Reading } from '../../read/avro/levels.ts';
import type { Draft } from '../draft.ts';
import { DIRECTIONS, jsonSafePath } from '../jsonSchemaFile.ts';
import { compareSchemas } from '../report/compareSchemas.ts';
import { draftOf } from '../report/draftOf.ts';
import type { CompareOptions, SchemaPlace } from '../schemas.ts';
import { shownLoc, type Side } from '../sides/side.ts';
import type { Version } from '../sides/version.ts';
import { withNames, reachedMessage, receiversOf, sendersOf, type EventsContext, type MessagePair } from './context.ts';
import { recordWitness } from './records.ts';
import type { EventSchemas } from './schemas.ts';
import type { Payload } from './view.ts';

/** Who reads and who writes a message, in words and as a list. */
function whoOf(context: EventsContext, { topics, old, reader }: MessagePair) {
  const consumers = reader === undefined ? receiversOf(context, topics.new.name, old.type) : [reader];
  return {
    consumers,
    reaches: [reachedMessage(topics.new.name, old.type)],
    readers: withNames('the consumers', consumers),
    writers: withNames('the producers', sendersOf(context, topics.new.name, old.type)),
  };
}

/**
 * What changed in Avro payloads. The readers are those of Atlas, so a change that only a registry accepts breaks, too.
 */
export function avroPayloadDrafts(context: EventsContext, readings: readonly Reading[]): readonly Draft[] {
  return context.messages.flatMap((pair) => {
    const { old, new: next, topics } = pair;
    if (old.payload.kind !== 'avro' || next.payload.kind !== 'avro') return [];
    const who = whoOf(context, pair);
    const sides = [avroSide(old.payload, context.old.side), avroSide(next.payload, context.new.side)] as const;
    return compareAvro(...sides, readings).map((one): Draft => {
      const draft = { ...avroDraft(one, who.reaches, who), consumers: who.consumers, document: topics.old.loc.file };
      const { witness } = one;
      if (!witness) return draft;
      const isOld = witness.acceptedBy === 'old';
      const [topic, message] = isOld ? [topics.old, old] : [topics.new, next];
      const record = context.records[witness.acceptedBy].of(topic, message, { value: witness.value });
      return { ...draft, witness: recordWitness(witness.acceptedBy, record, `/value${witness.at}`) };
    });
  });
}

function avroSide({ record, loc }: Extract<Payload, { kind: 'avro' }>, side: Side): AvroSide {
  return { type: record, loc, show: (place) => shownLoc(side, place) };
}

/** A pair of schemas of a message, and where its value is in a record. */
interface Pair {
  readonly id: string;
  readonly message: MessagePair;
  readonly spot: 'value' | 'headers';
  readonly dialects: readonly [Dialect, Dialect];
  readonly places: readonly [SchemaPlace, SchemaPlace];
}

/** What changed in JSON payloads and in headers. */
export function jsonDrafts(
  context: EventsContext,
  [old, next]: readonly [EventSchemas, EventSchemas],
  readings: readonly Reading[],
  options: CompareOptions,
): readonly Draft[] {
  const pairs = context.messages.flatMap((message) => pairsOf(message, old, next));
  const groups = Map.groupBy(pairs, ({ dialects }) => dialects.join(' '));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const versions = [old.version(first.dialects[0]), next.version(first.dialects[1])] as const;
    return draftsOf(context, group, versions, readings, options);
  });
}

function draftsOf(
  context: EventsContext,
  pairs: readonly Pair[],
  [old, next]: readonly [Version, Version],
  readings: readonly Reading[],
  options: CompareOptions,
): readonly Draft[] {
  const byId: ReadonlyMap<string, Pair> = new Map(
    readings.flatMap((reading) => pairs.map((pair) => [`${pair.id} ${reading}`, pair] as const)),
  );
  const asked = readings.flatMap((reading) =>
    pairs.map(({ id, places }) => ({
      id: `${id} ${reading}`,
      direction: DIRECTIONS[reading],
      old: places[0],
      new: places[1],
    })),
  );
  return compareSchemas(old, next, asked, options).causes.map((cause): Draft => {
    const reached = cause.reaches.flatMap((id) => byId.get(id) ?? []);
    const whos = reached.map(({ message }) => whoOf(context, message));
    const pair = cause.witness && byId.get(cause.witness.pair);
    const [who] = whos;
    const draft = draftOf(cause, old, next, {
      protocol: 'events',
      reaches: whos.flatMap(({ reaches }) => reaches),
      consumers: whos.flatMap(({ consumers }) => consumers),
      witness: cause.witness && pair && wrapped(context, pair, cause.witness),
      safePath: jsonSafePath(cause, who?.readers ?? 'the consumers', who?.writers ?? 'the producers'),
    });
    return { ...draft, spot: `${cause.old} ${cause.new}` };
  });
}

function wrapped(
  { records }: EventsContext,
  { message, spot }: Pair,
  { acceptedBy, value, at }: { readonly acceptedBy: 'old' | 'new'; readonly value: JsonValue; readonly at: string },
) {
  const [topic, sent] = acceptedBy === 'old' ? [message.topics.old, message.old] : [message.topics.new, message.new];
  const isHeaders = spot === 'headers' && isObject(value);
  const record = records[acceptedBy].of(topic, sent, isHeaders ? { headers: value } : { value });
  return recordWitness(acceptedBy, record, childPointer('', spot) + at);
}

function pairsOf(message: MessagePair, old: EventSchemas, next: EventSchemas): readonly Pair[] {
  const { topics, old: before, new: after, reader = '' } = message;
  const id = `${reachedMessage(topics.new.name, before.type)} ${reader}`;
  const pairs: Pair[] = [];
  if (before.payload.kind === 'json' && after.payload.kind === 'json')
    pairs.push({
      id: `${id} value`,
      message,
      spot: 'value',
      dialects: [before.payload.dialect, after.payload.dialect],
      places: [old.payload(before.payload).place, next.payload(after.payload).place],
    });
  const headers = [old.headers(before), next.headers(after)] as const;
  if (headers[0] || headers[1]) {
    const places = [headers[0] ?? NO_HEADERS, headers[1] ?? NO_HEADERS] as const;
    pairs.push({ id: `${id} headers`, message, spot: 'headers', dialects: ['draft-07', 'draft-07'], places });
  }
  return pairs;
}

/** A message that says nothing about its headers. */
const NO_HEADERS: SchemaPlace = { pointer: '', schema: { type: 'object' } };
